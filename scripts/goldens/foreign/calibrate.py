"""Gives a network with random weights useful outputs: spread boxes and some scores above the threshold.

Random weights alone give nearly equal scores and boxes. Statistics of the batch norms are
computed from images, then the last layers are scaled and shifted to a given mean and deviation.
"""
import torch


@torch.no_grad()
def settle_norms(model, batch, runs=2):
    """Running statistics of every batch norm from the batch itself."""
    norms = [m for m in model.modules() if isinstance(m, torch.nn.modules.batchnorm._BatchNorm)]
    before = [m.momentum for m in norms]
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None
        norm.train()
    for _ in range(runs):
        model(batch)
    for norm, momentum in zip(norms, before):
        norm.momentum = momentum
    model.eval()


@torch.no_grad()
def spread(model, run, layers, std, mean=0.0, above=None):
    """Scales the layers so that their outputs, all together, have this mean and deviation when run() is called.

    above = (logit, count) shifts them instead so that count of all values lie above the logit.
    """
    values = []
    handles = [layer.register_forward_hook(lambda _, __, out: values.append(out.flatten())) for layer in layers]
    run()
    for handle in handles:
        handle.remove()
    if not values:  # a layer that never runs
        return
    flat = torch.cat(values).double()
    gain = std / flat.std().clamp(min=1e-12)
    shift = mean - flat.mean() * gain
    if above:
        logit, count = above
        shift = logit - torch.sort(flat * gain, descending=True).values[min(count, len(flat) - 1)]
    for layer in layers:
        layer.weight.mul_(gain.float())
        if layer.bias is None:
            raise ValueError('a last layer without bias cannot be shifted')
        layer.bias.mul_(gain.float()).add_(shift.float())
