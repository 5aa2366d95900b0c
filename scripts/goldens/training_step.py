"""PyTorch's results for training steps and losses: the Python half of training_step.ts, which runs it.

    python scripts/goldens/training_step.py steps FILE...     goldens of steps as JSON, one per file
    python scripts/goldens/training_step.py losses            goldens of losses as JSON

A file of steps holds a network, its weights and the rest of the state, and the batches of some steps; see
training_step.ts. PyTorch computes in float64; its float32 is compared with that, so that the test can require ours to
be as accurate. State is not stored whole: see `sketch`.

Needs torch, torchvision and numpy.
"""

import base64
import json
import sys
from pathlib import Path

import numpy as np
import torch
import torchvision
from torch.nn import functional as F

sys.path.insert(0, str(Path(__file__).parents[1] / "peers"))
from random_numbers import random_integers
from torch_training import (
    TrainingNetwork,
    TrainingStep,
    box_loss,
    decode,
    dynamic_targets,
    largest_overlap,
    largest_share_inside,
    read_safetensors,
    score_loss,
)

SUMS = 16
WHOLE = 64


def sketch(values):
    """A tensor in a few numbers, linear in it: see test/training/step/sketch.ts."""
    flat = values.double().flatten().numpy()
    if flat.size <= WHOLE:
        return flat
    drawn = random_integers(flat.size)
    sums = [flat @ (1.0 - 2.0 * ((drawn >> (16 + k)) & 1).astype(np.float64)) for k in range(SUMS)]
    return np.array(sums) / SUMS**0.5


def kind_of(name):
    if "/" in name:
        return name.split("/")[0]
    return "statistics" if name.endswith((".running_mean", ".running_var")) else "weights"


def read_case(path):
    metadata, tensors = read_safetensors(path)
    return json.loads(metadata["micro-yolo"])["network"], json.loads(metadata["step"]), tensors


def run_case(path, dtype, channels_last=False, seen=None):
    """The change of the state by all steps of a file, computed in a type, and the last step's metrics."""
    network, described, tensors = read_case(path)
    state = {name: tensors[name] for name in described["state"]}
    model = TrainingNetwork(network, tensors, dtype)
    if channels_last:
        model.to(memory_format=torch.channels_last)
    step = TrainingStep(model, **described["options"], exact_norm=True)
    step.load(state, described["runs"][0])
    for index, scalars in enumerate(described["runs"]):
        prefix = f"{index}/"
        batch = {
            name.removeprefix(prefix): value.to(dtype) for name, value in tensors.items() if name.startswith(prefix)
        }
        if channels_last:
            batch["image"] = batch["image"].contiguous(memory_format=torch.channels_last)
        if seen is not None and index == 0:
            look_ahead(model, batch, seen)
        step.configure(scalars)
        metrics = step.step(batch)
    after = step.state()
    updates = {name: (after[name].double() - state[name].double()).contiguous() for name in state}
    return updates, {name: float(value) for name, value in metrics.items()}


def look_ahead(model, batch, seen):
    """The value of every layer for a batch; restores the running statistics."""
    kept = {name: value.clone() for name, value in model.named_buffers()}
    masks = {name.removesuffix(".mask"): value for name, value in batch.items() if name.endswith(".mask")}
    with torch.no_grad():
        model(batch["image"], masks, seen)
        for name, value in model.named_buffers():
            value.copy_(kept[name])


KINKS = {
    "relu": (0,),
    "leakyRelu": (0,),
    "relu6": (0, 6),
    "hardSigmoid": (-3, 3),
    "hardSwish": (-3, 3),
    "hardTanh": (-1, 1),
    "selu": (0,),
}


def kink_margin(path):
    """
    How far the first batch stays away from where gradients jump, in units of what float32 is off there: below 4 or so
    an element of a gradient may differ as a whole, and the case needs another seed. Also how many predictions the
    ignore rule frees: a case in which it frees none does not show it.
    """
    network, described, tensors = read_case(path)
    exact, single = {}, {}
    run_case(path, torch.float64, seen=exact)
    run_case(path, torch.float32, seen=single)
    margin = float("inf")
    for layer in network["layers"]:
        x, near = exact[layer["inputs"][0]], single[layer["inputs"][0]].double()
        error = (x - near).square().mean().sqrt() + 1e-12
        gaps = []
        if layer["type"] == "activation":
            gaps = [(x - kink).abs().min() for kink in KINKS.get(layer["function"], ())]
        elif layer["type"] == "maxPool":
            top, left, bottom, right = layer["padding"]
            padded = F.pad(x, (left, right, top, bottom), value=-1e30)
            windows = F.unfold(padded.flatten(0, 1)[:, None], layer["kernel"], stride=layer["stride"])
            first, second = windows.topk(2, 1).values.unbind(1)
            # Equal values, cut off by a ReLU, are equal in float32 too and have no gradient.
            gaps = [(first - second)[first != second].min()]
        margin = min([margin] + [float(gap / error) for gap in gaps])
    ignored = 0
    for layer in (layer for layer in network["layers"] if layer["type"] == "yolo"):
        threshold = described["options"]["loss"].get("ignore_threshold", 0.7)
        _, height, width = network["input"]
        overlaps = [
            largest_overlap(decode(values[layer["name"]], layer, width, height)[0], tensors["0/truths"].to(dtype))
            for values, dtype in ((exact, torch.float64), (single, torch.float32))
        ]
        error = (overlaps[0] - overlaps[1].double()).square().mean().sqrt() + 1e-12
        margin = min(margin, float((overlaps[0] - threshold).abs().min() / error))
        if "0/ignored" in tensors:
            shares = [
                largest_share_inside(decode(values[layer["name"]], layer, width, height)[0], tensors["0/ignored"].to(dtype))
                for values, dtype in ((exact, torch.float64), (single, torch.float32))
            ]
            error = (shares[0] - shares[1].double()).square().mean().sqrt() + 1e-12
            margin = min(margin, float((shares[0] - 0.5).abs().min() / error))
            ignored += int((shares[0] >= 0.5).sum())
        ignored += int((overlaps[0] > threshold).sum())
    assigner = described["options"]["loss"].get("assigner", "dense")
    if assigner != "dense":
        owned = [assignment(path, assigner, network, values, tensors) for values in (exact, single)]
        if owned[0] != owned[1]:
            raise SystemExit(f"{path}: float32 assigns otherwise; give the case another seed")
    return margin, ignored


def assignment(path, assigner, network, values, tensors):
    """The cells assigned to each box by an assigner on the first batch."""
    model = TrainingNetwork(network, tensors, torch.float64)
    _, height, width = network["input"]
    outputs = {layer["name"]: values[layer["name"]].double() for layer in model.heads}
    decoded = {layer["name"]: decode(outputs[layer["name"]], layer, width, height) for layer in model.heads}
    batch = {name: tensors[f"0/{name}"].double() for name in ("truths", "truths.class")}
    targets, _ = dynamic_targets(assigner, model, outputs, decoded, batch)
    return [(parts["positive"].tolist(), parts["box"].tolist()) for parts in targets.values()]


def relative_errors(updates, expected):
    """By kind of state, the distance of two updates relative to the second one's norm, from their sketches."""
    sums = {}
    for name in expected:
        difference, norm = sums.get(kind_of(name), (0.0, 0.0))
        ours, theirs = sketch(updates[name]), sketch(expected[name])
        sums[kind_of(name)] = (difference + float(((ours - theirs) ** 2).sum()), norm + float((theirs**2).sum()))
    return {kind: 0.0 if difference == 0 else (difference / norm) ** 0.5 for kind, (difference, norm) in sums.items()}


def step_golden(path):
    print(f"{path}", file=sys.stderr)
    updates, metrics = run_case(path, torch.float64)
    layouts = [run_case(path, torch.float32, channels_last)[0] for channels_last in (False, True)]
    errors = [relative_errors(layout, updates) for layout in layouts]
    margin, ignored = kink_margin(path)
    if margin < 4:
        raise SystemExit(f"{path}: margin {margin:.1f}, expected at least 4; give the case another seed")
    sketches = np.concatenate([sketch(updates[name]) for name in sorted(updates)])
    golden = {
        "metrics": metrics,
        # Both are equally valid, and either can be accurate by chance.
        "float32": {kind: max(layout[kind] for layout in errors) for kind in errors[0]},
        "update": base64.b64encode(sketches.astype("<f8").tobytes()).decode(),
    }
    print(f"    margin {margin:.1f}, {ignored} predictions ignored, metrics {metrics}", file=sys.stderr)
    print(f"    float32 {errors[0]}, channels last {errors[1]}", file=sys.stderr)
    return golden


# Center and sides: predicted, true.
BOX_PAIRS = {
    "overlapping": ([10, 12, 8, 6], [12, 11, 6, 9]),
    "overlapping, centers far apart": ([10, 12, 8, 6], [16, 15, 9, 5]),
    "predicted inside": ([10, 12, 2, 3], [11, 11.5, 12, 9]),
    "true inside": ([20, 22, 30, 25], [24, 19, 5, 6]),
    "concentric": ([10, 12, 8, 6], [10, 12, 6, 9]),
    "identical": ([10, 12, 8, 6], [10, 12, 8, 6]),
    "one shared edge line": ([10, 12, 8, 6], [9, 11, 6, 4]),
    "same sides, shifted": ([10, 12, 8, 6], [13, 13, 8, 6]),
    "disjoint, side by side": ([10, 12, 4, 6], [30, 12.5, 4, 5]),
    "disjoint, diagonal": ([10, 12, 4, 6], [30, 40, 3, 5]),
    "disjoint, of very different sizes": ([10, 12, 1, 1], [300, 200, 120, 90]),
    "very thin and tall": ([10, 50, 0.01, 60], [10.25, 52, 2, 55]),
    "very thin and wide": ([50, 10, 70, 0.02], [52, 10.5, 60, 3]),
    "thin, crossed": ([50, 50, 80, 0.5], [50.5, 49, 0.25, 90]),
    "tiny prediction": ([50, 50, 1e-3, 2e-3], [50.5, 49, 10, 9]),
    "large": ([200, 210, 380, 400], [208, 206, 400, 390]),
}
LOGITS = (-30, -9, -3, -1, -0.25, 0, 0.5, 2, 4, 10, 30)


def check_against_torchvision(kind, predicted, truth, loss):
    """Checks our formulas against torchvision's."""
    corners = lambda box: torchvision.ops.box_convert(box.detach()[None], "cxcywh", "xyxy")
    theirs = {
        "iou": lambda a, b: 1 - torchvision.ops.box_iou(a, b)[0, 0],
        "giou": torchvision.ops.generalized_box_iou_loss,
        "diou": torchvision.ops.distance_box_iou_loss,
        "ciou": torchvision.ops.complete_box_iou_loss,
    }[kind](corners(predicted), corners(truth))
    assert abs(loss.item() - theirs.item()) < 1e-5, (kind, loss.item(), theirs.item())


def loss_goldens():
    """Values and gradients of the losses in float64."""
    boxes = []
    for title, (predicted, truth) in BOX_PAIRS.items():
        truth = torch.tensor(truth, dtype=torch.float32).double()
        losses = {}
        for kind in ("iou", "giou", "diou", "ciou"):
            x = torch.tensor(predicted, dtype=torch.float32).double().requires_grad_()
            loss = box_loss(kind, x, truth)
            check_against_torchvision(kind, x, truth, loss)
            loss.backward()
            losses[kind] = {"value": loss.item(), "gradient": x.grad.tolist()}
            predicted = x.detach().tolist()
        boxes.append({"title": title, "predicted": predicted, "truth": truth.tolist(), "losses": losses})
    entropies = []
    for target in (0, 0.25, 1):
        x = torch.tensor(LOGITS, dtype=torch.float64, requires_grad=True)
        t = torch.full_like(x, target)
        loss = F.binary_cross_entropy_with_logits(x, t, reduction="none")
        loss.sum().backward()
        entropies.append({"target": target, "values": loss.tolist(), "gradients": x.grad.tolist()})
    focal = []
    for gamma in (0.5, 1.5, 2):
        for target in (0, 1):
            x = torch.tensor(LOGITS, dtype=torch.float64, requires_grad=True)
            # 1 − p is computed as the probability of the other answer, which avoids cancellation near 1.
            missed = torch.sigmoid(x if target == 0 else -x)
            loss = missed**gamma * F.binary_cross_entropy_with_logits(x, torch.full_like(x, target), reduction="none")
            loss.sum().backward()
            focal.append({"gamma": gamma, "target": target, "values": loss.tolist(), "gradients": x.grad.tolist()})
    forms = []
    for form in ("focal", "quality", "varifocal"):
        for target in (0, 0.25, 1):
            x = torch.tensor(LOGITS, dtype=torch.float64, requires_grad=True)
            loss = score_loss(form, x, torch.full_like(x, target))
            if form == "focal":
                theirs = torchvision.ops.sigmoid_focal_loss(x, torch.full_like(x, target), alpha=-1)
                assert torch.allclose(loss, theirs, rtol=1e-9, atol=1e-12)
            loss.sum().backward()
            forms.append({"form": form, "target": target, "values": loss.tolist(), "gradients": x.grad.tolist()})
    return {"boxes": boxes, "logits": LOGITS, "entropies": entropies, "focal": focal, "forms": forms}


if __name__ == "__main__":
    torch.set_num_threads(2)
    if sys.argv[1] == "losses":
        print(json.dumps(loss_goldens()))
    else:
        print(json.dumps([step_golden(path) for path in sys.argv[2:]]))
