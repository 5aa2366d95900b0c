"""The training step of src/training/step/step.ts in PyTorch: the reference for ours in results and time.

The network comes from a safetensors file's metadata, its weights from the file's tensors. The loss is written
from the papers' formulas, gradients are autograd's, updates torch.optim's. Tensors have our names and shapes:
a batch is `image` [N, C, H, W], `truths` [N, M, 4] (left, top, right, bottom in pixels; unused ones all 0) and, for
each head, `HEAD.positive` [N, anchors, 1, cells], `HEAD.box` [N, anchors, 4, cells] (center and sides in pixels) and
`HEAD.class` [N, anchors, 1, cells]; `LAYER.mask` for each active dropout. An assigner in the step takes
`truths.class` [N, M] instead of these; distillation takes `HEAD.teacher.objectness` [N, anchors, 1, cells],
`HEAD.teacher.box` [N, anchors, 4, cells] and `HEAD.teacher.classes` [N, anchors, classes, cells], the scores as
probabilities; ignored boxes are `ignored` [N, K, 4], as truths; weights of truths `truths.weight` [N, M], and of cells
`HEAD.weight` as `HEAD.positive`; a hint takes `LAYER.hint` [N, channels, rows, columns]. Scalars are plain numbers.
"""

import itertools
import json
import math
import struct

import numpy as np
import torch
from dynamic_assigners import ASSIGNERS, Prediction, Truth
from torch import nn
from torch.nn import functional as F

NUMBERS = {"F32": np.float32, "F64": np.float64, "U8": np.uint8}


def read_safetensors(path):
    """A file's metadata and its tensors by name."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        start, stop = entry["data_offsets"]
        values = np.frombuffer(data[start:stop], NUMBERS[entry["dtype"]]).reshape(entry["shape"])
        tensors[name] = torch.from_numpy(values.copy())
    return metadata, tensors


def read_model(path):
    """A model file's description (network, recipe, classes) and all its tensors."""
    metadata, tensors = read_safetensors(path)
    return json.loads(metadata["micro-yolo"]), tensors


ACTIVATIONS = {
    "relu": F.relu,
    "relu6": F.relu6,
    "silu": F.silu,
    "mish": F.mish,
    "sigmoid": torch.sigmoid,
    "hardSigmoid": F.hardsigmoid,
    "hardSwish": F.hardswish,
    "tanh": torch.tanh,
    "hardTanh": F.hardtanh,
    "elu": F.elu,
    "selu": F.selu,
    "gelu": lambda x: F.gelu(x, approximate="tanh"),
}
# Their gradients read the output, so they can overwrite their input.
IN_PLACE = {"relu": F.relu_, "relu6": lambda x: F.relu6(x, inplace=True)}


def is_even(padding):
    return len(set(padding)) == 1


def pad(x, padding, value=0.0):
    top, left, bottom, right = padding
    return F.pad(x, (left, right, top, bottom), value=value)


def average_pool(x, kernel, stride, padding):
    """Mean over the pixels of a window, without padding."""
    if is_even(padding):
        return F.avg_pool2d(x, kernel, stride, padding[0], count_include_pad=False)
    total = F.avg_pool2d(pad(x, padding), kernel, stride, divisor_override=1)
    count = F.avg_pool2d(pad(torch.ones_like(x[:1, :1]), padding), kernel, stride, divisor_override=1)
    return total / count


class TrainingNetwork(nn.Module):
    """A network in training mode: batch norms use the batch's statistics and keep running ones."""

    def __init__(self, network, tensors, dtype=torch.float32):
        super().__init__()
        self.layers = network["layers"]
        self.input = network["input"]
        self.heads = [layer for layer in self.layers if layer["type"] == "yolo"]
        # For a classifier, which is trained on its logits.
        self.classes = next((layer for layer in self.layers if layer["type"] == "classes"), None)
        # Whether activations can overwrite values that nothing else reads; off if values are inspected.
        self.in_place = False
        self.parts = nn.ModuleDict()
        for layer in self.layers:
            module = self.build(layer, tensors)
            if module is not None:
                self.parts[self.key(layer["name"])] = module
        # Layers that learn a teacher's map.
        self.hints = {}
        for layer in self.layers:
            weight = tensors.get(f"{layer['name']}.hint.conv.weight")
            if weight is not None:
                conv = nn.Conv2d(weight.shape[1], weight.shape[0], 1)
                self.parts[self.key(f"{layer['name']}.hint.conv")] = self.hints[layer["name"]] = conv
        self.to(dtype).train()
        with torch.no_grad():
            for name, tensor in self.tensors().items():
                tensor.copy_(tensors[name])
        makers = {layer["name"]: layer["type"] for layer in self.layers}
        readers = [name for layer in self.layers for name in layer["inputs"]]
        self.overwritable = {name for name, kind in makers.items() if kind == "batchNorm" and readers.count(name) == 1}

    @staticmethod
    def key(name):
        # Module names must not contain dots.
        return name.replace(".", "/")

    @staticmethod
    def build(layer, tensors):
        """The module of a layer with parameters, which give its sizes."""
        kind = layer["type"]
        weight = tensors.get(f"{layer['name']}.weight")
        if kind == "conv":
            groups, padding = layer["groups"], layer["padding"]
            return nn.Conv2d(
                weight.shape[1] * groups,
                weight.shape[0],
                layer["kernel"],
                layer["stride"],
                padding[0] if is_even(padding) else 0,
                groups=groups,
                bias=layer["bias"],
            )
        if kind == "batchNorm":
            return nn.BatchNorm2d(weight.shape[0], layer["epsilon"], layer["momentum"])
        if kind == "dense":
            return nn.Linear(weight.shape[1], weight.shape[0], layer["bias"])
        return None

    def parameters_by_name(self):
        """Trained parameters by our names, in the order of the layers."""
        return {name.removeprefix("parts.").replace("/", "."): value for name, value in self.named_parameters()}

    def tensors(self):
        """Parameters and running statistics by our names."""
        statistics = {
            name.removeprefix("parts.").replace("/", "."): value
            for name, value in self.named_buffers()
            if not name.endswith("num_batches_tracked")
        }
        return self.parameters_by_name() | statistics

    def forward(self, image, masks=None, seen=None):
        """
        Logits of each head by the name of its yolo layer; a classifier's by that of its classes, [N, classes].

        masks: for each dropout layer what it multiplies by; without one it does nothing
        seen: a dict that takes the value of every layer
        """
        values = {"input": image}
        for layer in self.layers:
            inputs = [values[name] for name in layer["inputs"]]
            values[layer["name"]] = self.apply_layer(layer, inputs, masks or {})
        if seen is not None:
            seen.update(values)
        if self.classes:
            return {self.classes["name"]: values[self.classes["inputs"][0]].flatten(1)}
        return {head["name"]: values[head["name"]] for head in self.heads}

    def apply_layer(self, layer, inputs, masks):
        kind, x = layer["type"], inputs[0]
        if kind in ("conv", "batchNorm"):
            if kind == "conv" and not is_even(layer["padding"]):
                x = pad(x, layer["padding"])
            return self.parts[self.key(layer["name"])](x)
        if kind == "activation":
            function = layer["function"]
            overwrites = self.in_place and layer["inputs"][0] in self.overwritable
            if function == "leakyRelu":
                return F.leaky_relu(x, layer.get("slope", 0.1), inplace=overwrites)
            return (overwrites and IN_PLACE.get(function) or ACTIVATIONS[function])(x)
        if kind == "maxPool":
            padding = layer["padding"]
            if is_even(padding):
                return F.max_pool2d(x, layer["kernel"], layer["stride"], padding[0])
            return F.max_pool2d(pad(x, padding, float("-inf")), layer["kernel"], layer["stride"])
        if kind == "avgPool":
            return average_pool(x, layer["kernel"], layer["stride"], layer["padding"])
        if kind == "globalAvgPool":
            return F.adaptive_avg_pool2d(x, 1)
        if kind == "upsample":
            return F.interpolate(x, scale_factor=layer["factor"], mode="nearest")
        if kind == "concat":
            return torch.cat(inputs, 1)
        if kind == "slice":
            return x[:, layer["start"] : layer["end"]]
        if kind == "shuffle":
            return F.channel_shuffle(x, layer["groups"])
        if kind == "add":
            return x + inputs[1]
        if kind == "multiply":
            return x * inputs[1]
        if kind == "dense":
            return self.parts[self.key(layer["name"])](x.flatten(1))[:, :, None, None]
        if kind == "dropout":
            mask = masks.get(layer["name"])
            return x if mask is None else x * mask
        if kind == "yolo":
            return x
        if kind == "classes":
            return x.flatten(1).softmax(1) if layer["softmax"] else x.flatten(1)
        raise SystemExit(f"{layer['name']}: {kind} is not known to this peer")


def box_loss(kind, predicted, truth, tiny=1e-7):
    """
    1 − IoU, GIoU (https://arxiv.org/abs/1902.09630), DIoU or CIoU (https://arxiv.org/abs/1911.08287) of boxes
    [..., 4] given as center x, center y, width, height.
    """
    (px, py, pw, ph), (tx, ty, tw, th) = predicted.unbind(-1), truth.unbind(-1)
    p_left, p_right, p_top, p_bottom = px - pw / 2, px + pw / 2, py - ph / 2, py + ph / 2
    t_left, t_right, t_top, t_bottom = tx - tw / 2, tx + tw / 2, ty - th / 2, ty + th / 2
    overlap_x = (torch.minimum(p_right, t_right) - torch.maximum(p_left, t_left)).clamp(min=0)
    overlap_y = (torch.minimum(p_bottom, t_bottom) - torch.maximum(p_top, t_top)).clamp(min=0)
    intersection = overlap_x * overlap_y
    union = pw * ph + tw * th - intersection + tiny
    iou = intersection / union
    if kind == "iou":
        return 1 - iou
    hull_x = torch.maximum(p_right, t_right) - torch.minimum(p_left, t_left)
    hull_y = torch.maximum(p_bottom, t_bottom) - torch.minimum(p_top, t_top)
    if kind == "giou":
        hull = hull_x * hull_y + tiny
        return 1 - iou + (hull - union) / hull
    distance = ((px - tx) ** 2 + (py - ty) ** 2) / (hull_x**2 + hull_y**2 + tiny)
    if kind == "diou":
        return 1 - iou + distance
    v = 4 / math.pi**2 * (torch.atan(tw / (th + tiny)) - torch.atan(pw / (ph + tiny))) ** 2
    with torch.no_grad():
        alpha = v / (1 - iou + v + tiny)
    return 1 - iou + distance + alpha * v


def decode(head, layer, width, height):
    """Boxes [N, anchors, cells, 4] (center and sides in pixels), objectness and classes as logits."""
    batch, _, rows, columns = head.shape
    anchors = head.new_tensor(layer["anchors"])
    fields = head.reshape(batch, len(anchors), 5 + layer["classes"], rows, columns)
    grid_y, grid_x = torch.meshgrid(
        torch.arange(rows, dtype=head.dtype), torch.arange(columns, dtype=head.dtype), indexing="ij"
    )
    scale = layer["scaleXY"]
    offsets = fields[:, :, :2]
    if layer.get("center") != "linear":
        offsets = scale * offsets.sigmoid() - (scale - 1) / 2
    x = (grid_x + offsets[:, :, 0]) * (width / columns)
    y = (grid_y + offsets[:, :, 1]) * (height / rows)
    w = fields[:, :, 2].exp() * anchors[:, 0, None, None]
    h = fields[:, :, 3].exp() * anchors[:, 1, None, None]
    boxes = torch.stack((x, y, w, h), -1).flatten(2, 3)
    return boxes, fields[:, :, 4].flatten(2), fields[:, :, 5:].flatten(3).transpose(2, 3)


@torch.no_grad()
def largest_overlap(boxes, truths):
    """Largest IoU of each box [N, anchors, cells, 4] (center and sides) with the image's truths (edges)."""
    x, y, w, h = boxes.flatten(1, 2)[:, :, None].unbind(-1)
    left, top, right, bottom = truths[:, None].unbind(-1)
    shared = (torch.minimum(x + w / 2, right) - torch.maximum(x - w / 2, left)).clamp_(min=0)
    shared *= (torch.minimum(y + h / 2, bottom) - torch.maximum(y - h / 2, top)).clamp_(min=0)
    union = (w * h + (right - left) * (bottom - top)).sub_(shared)
    return shared.div_(union).amax(2).reshape(boxes.shape[:3])


@torch.no_grad()
def largest_share_inside(boxes, ignored):
    """Largest share of each box [N, anchors, cells, 4] (center and sides) inside one of the image's boxes (edges)."""
    x, y, w, h = boxes.flatten(1, 2)[:, :, None].unbind(-1)
    left, top, right, bottom = ignored[:, None].unbind(-1)
    shared_x = (torch.minimum(x + w / 2, right) - torch.maximum(x - w / 2, left)).clamp(min=0)
    shared_y = (torch.minimum(y + h / 2, bottom) - torch.maximum(y - h / 2, top)).clamp(min=0)
    return (shared_x * shared_y / (w * h)).amax(2).reshape(boxes.shape[:3])


def dense_targets(name, batch):
    """The loader's targets for a head: positive, box [..., 4] and class of each anchor cell; no quality."""
    return {
        "positive": batch[f"{name}.positive"].squeeze(2),
        "box": batch[f"{name}.box"].transpose(2, 3),
        "class": batch[f"{name}.class"].squeeze(2).long(),
        "quality": None,
        "weight": batch[f"{name}.weight"].squeeze(2) if f"{name}.weight" in batch else None,
    }


@torch.no_grad()
def dynamic_targets(assigner, network, outputs, decoded, batch):
    """An assigner's targets for all heads' predictions, by the heads' names, and the number of assigned truths."""
    _, height, width = network.input
    targets = {
        name: {
            "positive": torch.zeros_like(objectness),
            "box": torch.zeros_like(boxes),
            "class": torch.zeros_like(objectness, dtype=torch.long),
            "quality": torch.zeros_like(objectness),
            "weight": torch.zeros_like(objectness) if "truths.weight" in batch else None,
        }
        for name, (boxes, objectness, _) in decoded.items()
    }
    assigned = 0
    for image, (edges, class_ids) in enumerate(zip(batch["truths"].tolist(), batch["truths.class"].tolist())):
        truths = [Truth(tuple(box), int(class_id)) for box, class_id in zip(edges, class_ids)]
        predictions, places = [], []
        for layer in network.heads:
            boxes, objectness, scores = (values[image] for values in decoded[layer["name"]])
            rows, columns = outputs[layer["name"]].shape[2:]
            cell_width, cell_height = width / columns, height / rows
            for anchor, cell in itertools.product(*map(range, objectness.shape)):
                x, y, w, h = boxes[anchor, cell].tolist()
                center = ((cell % columns + 0.5) * cell_width, (cell // columns + 0.5) * cell_height)
                prediction = Prediction(
                    (x - w / 2, y - h / 2, x + w / 2, y + h / 2),
                    objectness[anchor, cell].sigmoid().item(),
                    scores[anchor, cell].sigmoid().tolist(),
                    (*center, cell_width, cell_height),
                )
                predictions.append(prediction)
                places.append((layer["name"], (image, anchor, cell)))
        owners, quality = ASSIGNERS[assigner](predictions, truths)
        assigned += len({owner for owner in owners if owner is not None})
        for (name, place), owner, value in zip(places, owners, quality):
            if owner is None:
                continue
            left, top, right, bottom = truths[owner].box
            box = [(left + right) / 2, (top + bottom) / 2, right - left, bottom - top]
            targets[name]["positive"][place] = 1
            targets[name]["box"][place] = torch.tensor(box, dtype=torch.float64).to(targets[name]["box"])
            targets[name]["class"][place] = truths[owner].class_id
            targets[name]["quality"][place] = value
            if "truths.weight" in batch:
                targets[name]["weight"][place] = batch["truths.weight"][place[0], owner]
    return targets, assigned


def score_loss(form, logits, targets):
    """
    Cross-entropy of scores, or the focal loss (https://arxiv.org/abs/1708.02002), quality focal loss
    (https://arxiv.org/abs/2006.04388) or varifocal loss (https://arxiv.org/abs/2008.13367), element by element.
    """
    entropy = F.binary_cross_entropy_with_logits(logits, targets, reduction="none")
    if form == "bce":
        return entropy
    score = logits.sigmoid()
    if form == "focal":
        return (1 - (score * targets + (1 - score) * (1 - targets))) ** 2 * entropy
    if form == "quality":
        return (targets - score).abs() ** 2 * entropy
    assert form == "varifocal", form
    return torch.where(targets > 0, targets, 0.75 * score**2) * entropy


def detection_loss(
    network,
    outputs,
    batch,
    gains,
    box="ciou",
    ignore_threshold=0.7,
    assigner="dense",
    objectness=None,
    classes=None,
    label_smoothing=0.0,
    scale_balance=None,
    class_weights=None,
):
    """
    YOLOv3's loss with an overlap for the boxes: its parts, weighted, and the number of assigned cells.

    ignore_threshold: predictions that overlap a truth by more are no background; 1 turns it off
    objectness, classes: a dict of the form of the score's loss, and its target: hard or overlap
    """
    _, height, width = network.input
    objectness_options, class_options = objectness or {}, classes or {}
    decoded = {layer["name"]: decode(outputs[layer["name"]], layer, width, height) for layer in network.heads}
    metrics = {}
    if assigner != "dense":
        dynamic, assigned = dynamic_targets(assigner, network, outputs, decoded, batch)
        left, top, right, bottom = batch["truths"].unbind(-1)
        metrics = {"truthCount": ((right > left) & (bottom > top)).sum(), "assigned": torch.tensor(assigned)}
    sums = {"box": 0.0, "objectness": 0.0, "classes": 0.0}
    count = 0
    for index, layer in enumerate(network.heads):
        name = layer["name"]
        boxes, objectness, scores = decoded[name]
        targets = dense_targets(name, batch) if assigner == "dense" else dynamic[name]
        positive = targets["positive"]
        # Only assigned cells have a box and a class to learn.
        chosen = positive > 0
        off = box_loss(box, boxes[chosen], targets["box"][chosen])
        quality = targets["quality"]
        if quality is None and "overlap" in (objectness_options.get("target"), class_options.get("target")):
            quality = torch.zeros_like(positive)
            quality[chosen] = 1 - box_loss("iou", boxes[chosen], targets["box"][chosen]).detach()
        weight = torch.ones_like(positive) if targets["weight"] is None else targets["weight"]
        sums["box"] = sums["box"] + (off * weight[chosen]).sum()

        hoped = quality if objectness_options.get("target") == "overlap" else positive
        cost = score_loss(objectness_options.get("form", "bce"), objectness, hoped)
        if ignore_threshold < 1:
            free = largest_overlap(boxes, batch["truths"]) > ignore_threshold
            cost = cost * (chosen | ~free)
        if "ignored" in batch:
            cost = cost * (chosen | (largest_share_inside(boxes, batch["ignored"]) < 0.5))
        cost = torch.where(chosen, cost * weight, cost)
        balance = scale_balance[index] if scale_balance else 1
        sums["objectness"] = sums["objectness"] + balance * cost.sum()

        ids = targets["class"][chosen]
        hoped = F.one_hot(ids, layer["classes"]).to(scores)
        if class_options.get("target") == "overlap":
            hoped = hoped * quality[chosen][:, None]
        if label_smoothing > 0:
            hoped = hoped * (1 - label_smoothing) + label_smoothing / 2
        cost = score_loss(class_options.get("form", "bce"), scores[chosen], hoped).sum(1)
        if class_weights:
            cost = cost * scores.new_tensor(class_weights)[ids]
        sums["classes"] = sums["classes"] + (cost * weight[chosen]).sum()
        count = count + positive.sum()
    positives = count.clamp(min=1)
    parts = {part: total / positives * gains[part] for part, total in sums.items()}
    return parts, {"positives": positives} | metrics


def distillation_loss(network, outputs, batch, box="ciou"):
    """The distance to a teacher's predictions, over the sum of its objectness."""
    _, height, width = network.input
    off, seen = 0.0, 0.0
    for layer in network.heads:
        name = layer["name"]
        boxes, objectness, scores = decode(outputs[name], layer, width, height)
        teacher = batch[f"{name}.teacher.objectness"].squeeze(2)
        teacher_boxes = batch[f"{name}.teacher.box"].transpose(2, 3)
        teacher_classes = batch[f"{name}.teacher.classes"].transpose(2, 3)
        sees = teacher > 0
        of_classes = F.binary_cross_entropy_with_logits(scores[sees], teacher_classes[sees], reduction="none").sum(1)
        of_boxes = box_loss(box, boxes[sees], teacher_boxes[sees])
        off = off + F.binary_cross_entropy_with_logits(objectness, teacher, reduction="sum")
        off = off + (teacher[sees] * (of_classes + of_boxes)).sum()
        seen = seen + teacher.sum()
    return off / seen.clamp(min=1)


def hint_loss(network, values, batch):
    """The error of each layer's features against the teacher's map; for a head, the features before its logits."""
    inputs = {layer["name"]: layer["inputs"][0] for layer in network.layers}
    told = {layer["name"]: layer["name"] for layer in network.layers}
    for head in network.heads:
        told[head["name"]] = inputs[inputs[head["name"]]]
    parts = [F.mse_loss(conv(values[told[name]]), batch[f"{name}.hint"]) for name, conv in network.hints.items()]
    for key, scale in batch.items():
        if key.endswith(".hint.scale"):
            name = key.removesuffix(".hint.scale")
            parts.append(F.mse_loss(values[told[name]] * scale, batch[f"{name}.hint"]))
    return sum(parts) / len(parts)


def group_of(name, value):
    """Kernels decay, and each group has a separate learning rate."""
    if value.dim() > 1:
        return "kernels"
    return "norms" if name.endswith(".weight") else "biases"


GROUPS = ("kernels", "norms", "biases")


def classification_loss(outputs, batch, label_smoothing=0.0, class_weights=None):
    """Cross-entropy with the labels [N, classes], weighed by class, and the share of images with the right class as largest logit."""
    (logits,) = outputs.values()
    labels = batch["labels"]
    cost = F.cross_entropy(logits, labels, label_smoothing=label_smoothing or 0.0, reduction="none")
    ids = labels.argmax(1)
    if class_weights:
        cost = cost * cost.new_tensor(class_weights)[ids]
    loss = cost.mean()
    right = (logits.argmax(1) == ids).to(logits.dtype).mean()
    return {"classes": loss}, {"accuracy": right.detach()}


class TrainingStep:
    """Forward, loss, backward, clipping, update and moving average; changes the network."""

    def __init__(self, network, optimizer="sgd", clip=True, average=True, loss=None, distill=False, exact_norm=False):
        """exact_norm: sum in float64, because PyTorch's float32 norm of a kernel with millions of elements is off by 1e-4"""
        self.network = network
        self.clip = clip
        self.exact_norm = exact_norm
        self.loss_options = loss or {}
        self.distill = distill
        self.parameters = network.parameters_by_name()
        self.values = network.tensors()
        groups = [
            {"params": [value for name, value in self.parameters.items() if group_of(name, value) == group]}
            for group in GROUPS
        ]
        self.kind = optimizer
        if optimizer == "sgd":
            # Nesterov needs a momentum from the start; each step replaces it.
            self.optimizer = torch.optim.SGD(groups, lr=0.0, momentum=0.9, nesterov=True)
        else:
            self.optimizer = torch.optim.AdamW(groups, lr=0.0)
        kept = {name: value for name, value in self.values.items() if ".hint." not in name}
        self.averages = {name: value.detach().clone() for name, value in kept.items()} if average else {}

    def load(self, state, scalars):
        """Loads a run's state besides the weights, by our names."""
        for name, value in self.parameters.items():
            # In the layout of the parameter; the copies below keep it.
            like = torch.empty_like(value.detach())
            kept = self.optimizer.state[value]
            if self.kind == "sgd":
                kept["momentum_buffer"] = like.clone().copy_(state[f"momentum/{name}"])
            else:
                # The number of updates so far, derived from the next correction.
                update = round(math.log1p(-scalars["correction1"]) / math.log(scalars["beta1"]))
                kept["step"] = torch.tensor(float(update - 1))
                kept["exp_avg"] = like.clone().copy_(state[f"first/{name}"])
                kept["exp_avg_sq"] = like.clone().copy_(state[f"second/{name}"])
            if f"accumulated/{name}" in state:
                value.grad = like.clone().copy_(state[f"accumulated/{name}"])
        for name, value in self.averages.items():
            value.copy_(state[f"average/{name}"])

    def state(self):
        """All state by our names, including the weights."""
        state = {name: value.detach() for name, value in self.values.items()}
        for name, value in self.parameters.items():
            kept = self.optimizer.state[value]
            if self.kind == "sgd":
                state[f"momentum/{name}"] = kept["momentum_buffer"]
            else:
                state[f"first/{name}"], state[f"second/{name}"] = kept["exp_avg"], kept["exp_avg_sq"]
            state[f"accumulated/{name}"] = torch.zeros_like(value) if value.grad is None else value.grad
        return state | {f"average/{name}": value for name, value in self.averages.items()}

    def norm(self, gradients):
        if not self.exact_norm:
            return nn.utils.get_total_norm(gradients)
        return sum(value.double().square().sum() for value in gradients).sqrt().to(gradients[0].dtype)

    def configure(self, scalars):
        """Sets the hyperparameters of the next steps."""
        for name, group in zip(GROUPS, self.optimizer.param_groups):
            group["lr"] = scalars[f"learningRate.{name}"]
            group["weight_decay"] = scalars["weightDecay"] if name == "kernels" else 0.0
            if self.kind == "sgd":
                group["momentum"] = scalars["momentum"]
            else:
                group["betas"] = (scalars["beta1"], scalars["beta2"])
                group["eps"] = scalars["epsilon"]
        self.scalars = scalars

    def step(self, batch):
        """
        One step on a batch; returns the metrics as tensors. With the scalar `apply` 0 gradients only add up, and
        `share` weighs their sum in the step that has 1.
        """
        scalars = self.scalars
        masks = {name.removesuffix(".mask"): value for name, value in batch.items() if name.endswith(".mask")}
        copies = any(name.endswith(".hint.scale") for name in batch)
        values = {} if self.network.hints or copies else None
        outputs = self.network(batch["image"], masks, values)
        if self.network.classes:
            parts, counts = classification_loss(outputs, batch, **self.loss_options)
        else:
            gains = {part: scalars[f"gain.{part}"] for part in ("box", "objectness", "classes")}
            parts, counts = detection_loss(self.network, outputs, batch, gains, **self.loss_options)
        if self.distill:
            box = self.loss_options.get("box", "ciou")
            parts["distill"] = scalars["gain.distill"] * distillation_loss(self.network, outputs, batch, box)
        if values:
            parts["hint"] = scalars["gain.hint"] * hint_loss(self.network, values, batch)
        loss = sum(parts.values())
        loss.backward()
        share = scalars.get("share", 1.0)
        gradients = [value.grad for value in self.parameters.values()]
        metrics = {"loss": loss.detach()} | counts
        metrics |= {f"loss.{part}": value.detach() for part, value in parts.items()}
        norm = self.norm(gradients) * share
        metrics["gradientNorm"] = norm
        if scalars.get("apply", 1) != 1:
            return metrics
        if share != 1:
            torch._foreach_mul_(gradients, share)
        if self.clip:
            # scale = min(1, clipNorm / (norm + 1e-6))
            nn.utils.clip_grads_with_norm_(self.parameters.values(), scalars["clipNorm"], norm)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        if self.averages:
            with torch.no_grad():
                decay = scalars["averageDecay"]
                torch._foreach_lerp_(
                    list(self.averages.values()), [self.values[name] for name in self.averages], 1 - decay
                )
        return metrics
