"""A training step in PyTorch, for comparison with ours in results and time: see scripts/peers/torch_training.py.

    python scripts/benchmarks/training/torch_step.py MODEL.safetensors BATCH SIZE DATA.safetensors STEPS MODE
        [--channels-last] [--threads 2] [--device cpu] [--plain-loss]

MODEL is one of our model files, SIZE its input's side or WIDTHxHEIGHT, BATCH the images in DATA: `image`, float32
[N, C, H, W] as the network sees it or uint8 [N, H, W, C] that the step scales by the model's recipe, `truths`, and the
targets of each head. DATA's metadata can contain `step`, JSON: `scalars` by the names of our step's inputs, and `options`
of TrainingStep.

MODE `check` prints the losses and gradient norms of STEPS steps as JSON, in float32. MODE `serve` runs STEPS steps to
warm up, prints {"ready": true}, and then answers each line `run K` with {"ms": [...]}, the milliseconds of K further
steps, until the end of its input.

--plain-loss: the sum over heads of the mean of their squares, SGD with momentum, and nothing else.
"""

import argparse
import json
import sys
import time
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).parents[2] / "peers"))
from torch_training import TrainingNetwork, TrainingStep, read_model, read_safetensors

SCALARS = {
    "learningRate.kernels": 0.001,
    "learningRate.norms": 0.001,
    "learningRate.biases": 0.001,
    "momentum": 0.9,
    "weightDecay": 5e-4,
    "averageDecay": 0.999,
    "clipNorm": 10,
    "gain.box": 5,
    "gain.objectness": 1,
    "gain.classes": 1,
}


class PlainStep:
    """Forward, a loss without boxes, backward and SGD with momentum."""

    def __init__(self, network, scalars):
        self.network = network
        rate = scalars["learningRate.kernels"]
        self.optimizer = torch.optim.SGD(network.parameters(), lr=rate, momentum=scalars["momentum"])

    def step(self, batch):
        self.optimizer.zero_grad(set_to_none=True)
        loss = sum(head.square().mean() for head in self.network(batch["image"]).values())
        loss.backward()
        self.optimizer.step()
        return {"loss": loss.detach()}


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("batch", type=int)
    parser.add_argument("size", help="side, or WIDTHxHEIGHT")
    parser.add_argument("data")
    parser.add_argument("steps", type=int)
    parser.add_argument("mode", choices=("check", "serve"))
    parser.add_argument("--channels-last", action="store_true")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    parser.add_argument("--plain-loss", action="store_true")
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    torch.set_num_threads(arguments.threads)
    # The same precision as the engines compared with it.
    torch.backends.cudnn.allow_tf32 = False
    model, weights = read_model(arguments.model)
    metadata, batch = read_safetensors(arguments.data)
    described = json.loads(metadata.get("step", "{}"))
    sides = [int(side) for side in arguments.size.split("x")]
    channels, height, width = model["network"]["input"]
    bytes_given = batch["image"].dtype == torch.uint8
    shape = [height, width, channels] if bytes_given else [channels, height, width]
    if sides not in ([width, height], [width]) or list(batch["image"].shape) != [arguments.batch, *shape]:
        raise SystemExit(
            f"size {arguments.size}, batch {arguments.batch}: the network sees {width}x{height}, "
            f"the images are {list(batch['image'].shape)}"
        )
    network = TrainingNetwork(model["network"], weights)
    network.in_place = True
    if arguments.device != "cpu":
        # Tensors that the step creates go to the device too.
        torch.set_default_device(arguments.device)
        network.to(arguments.device)
        batch = {name: tensor.to(arguments.device) for name, tensor in batch.items()}
    if arguments.channels_last:
        network.to(memory_format=torch.channels_last)
    layout = torch.channels_last if arguments.channels_last else torch.contiguous_format
    scalars = SCALARS | described.get("scalars", {})
    if arguments.plain_loss:
        step = PlainStep(network, scalars)
    else:
        step = TrainingStep(network, **described.get("options", {}))
        step.configure(scalars)
    mean, std = model["recipe"]["mean"], model["recipe"]["std"]

    def run():
        """One step, from a batch as a loader returns it."""
        image = batch["image"]
        if bytes_given:
            image = image.permute(0, 3, 1, 2)
            if model["recipe"]["colorOrder"] == "bgr":
                image = image.flip(1)
            image = image.to(torch.float32, memory_format=layout)
            image = image.sub_(mean).div_(std) if mean else image.div_(std)
        return step.step(batch | {"image": image})

    if not bytes_given:
        batch["image"] = batch["image"].contiguous(memory_format=layout)
    if arguments.mode == "check":
        metrics = [run() for _ in range(arguments.steps)]
        series = {name: [float(each[name]) for each in metrics] for name in metrics[0]}
        print(json.dumps({"losses": series.pop("loss"), **series}))
        return
    for _ in range(arguments.steps):
        run()
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        command, count = line.split()
        if command != "run":
            raise SystemExit(f"{line.strip()}: expected run K")
        times = []
        for _ in range(int(count)):
            start = time.perf_counter()
            float(run()["loss"])
            times.append(1000 * (time.perf_counter() - start))
        print(json.dumps({"ms": times}), flush=True)


main()
