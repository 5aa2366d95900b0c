"""Makes test/models/forward/fixtures/layers.json: PyTorch's results for each primitive layer.

A case is a small network in the library's JSON form, its weights, the graph's inputs (batch of 2) and the expected
outputs. PyTorch computes in float64 from values that float32 holds exactly; tensors are stored as
base64 of little-endian float32, each distinct one once. Every network ends in a `classes` layer without softmax,
which returns any feature map flattened, except in the cases for other outputs.

Run: python scripts/goldens/layers.py        (needs torch)
"""

import base64
import json
from pathlib import Path

import torch
import torch.nn.functional as F

TARGET = Path(__file__).parents[2] / "test/models/forward/fixtures/layers.json"

ACTIVATIONS = {
    "relu": F.relu,
    "relu6": F.relu6,
    "leakyRelu": F.leaky_relu,
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

torch.manual_seed(20240607)


def random(*shape, scale=1.0):
    """Normal numbers that float32 holds exactly, in float64."""
    return (torch.randn(shape, dtype=torch.float64) * scale).float().double()


def pad(x, padding, value=0.0):
    top, left, bottom, right = padding
    return F.pad(x, (left, right, top, bottom), value=value)


def average_pool(x, kernel, stride, padding):
    """Mean over the pixels of a window, without padding."""
    total = F.avg_pool2d(pad(x, padding), kernel, stride, divisor_override=1)
    count = F.avg_pool2d(pad(torch.ones_like(x), padding), kernel, stride, divisor_override=1)
    if len(set(padding)) == 1:
        symmetric = F.avg_pool2d(x, kernel, stride, padding[0], count_include_pad=False)
        torch.testing.assert_close(total / count, symmetric)
    return total / count


def layer_weights(layer, channels, features):
    """Fresh weights of a layer by parameter name."""
    kind = layer["type"]
    if kind == "conv":
        shape = (layer["outChannels"], channels // layer["groups"], layer["kernel"], layer["kernel"])
        fan_in = shape[1] * shape[2] * shape[3]
        weights = {"weight": random(*shape, scale=fan_in**-0.5)}
    elif kind == "dense":
        weights = {"weight": random(layer["outFeatures"], features, scale=features**-0.5)}
    elif kind == "batchNorm":
        variance = (random(channels).abs() + 0.1).float().double()
        return {
            "weight": random(channels),
            "bias": random(channels),
            "running_mean": random(channels),
            "running_var": variance,
        }
    else:
        return {}
    if layer["bias"]:
        weights["bias"] = random(weights["weight"].shape[0])
    return weights


class Run:
    """One case: networks are evaluated layer by layer, and weights are drawn when a layer needs them."""

    def __init__(self, image, mode):
        self.mode = mode
        self.values = {"input": image}
        self.weights = {}
        self.inputs = {"image": image}
        self.outputs = {}

    def step(self, layer):
        kind, name = layer["type"], layer["name"]
        inputs = [self.values[source] for source in layer["inputs"]]
        x = inputs[0]
        weights = layer_weights(layer, x.shape[1], x[0].numel())
        self.weights |= {f"{name}.{key}": value for key, value in weights.items()}
        self.values[name] = self.apply(kind, name, layer, x, inputs, weights)
        if kind in ("yolo", "region", "classes"):
            self.outputs[name] = self.values[name]

    def apply(self, kind, name, layer, x, inputs, weights):
        if kind == "conv":
            padded = pad(x, layer["padding"])
            return F.conv2d(
                padded, weights["weight"], weights.get("bias"), layer["stride"], groups=layer["groups"]
            )
        if kind == "batchNorm":
            gain, bias, epsilon = weights["weight"], weights["bias"], layer["epsilon"]
            if self.mode == "inference":
                mean, variance = weights["running_mean"], weights["running_var"]
                return F.batch_norm(x, mean, variance, gain, bias, eps=epsilon)
            self.outputs[f"{name}.batch_mean"] = x.mean((0, 2, 3))
            self.outputs[f"{name}.batch_var"] = x.var((0, 2, 3), correction=0)
            return F.batch_norm(x, None, None, gain, bias, training=True, eps=epsilon)
        if kind == "activation":
            slope = (layer.get("slope", 0.1),) if layer["function"] == "leakyRelu" else ()
            return ACTIVATIONS[layer["function"]](x, *slope)
        if kind == "maxPool":
            return F.max_pool2d(pad(x, layer["padding"], float("-inf")), layer["kernel"], layer["stride"])
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
            return torch.nn.ChannelShuffle(layer["groups"])(x)
        if kind == "add":
            return x + inputs[1]
        if kind == "multiply":
            return x * inputs[1]
        if kind == "dense":
            return F.linear(x.flatten(1), weights["weight"], weights.get("bias"))[:, :, None, None]
        if kind == "dropout":
            if self.mode == "inference":
                return F.dropout(x, layer["rate"], training=False)
            # Dropout on ones returns the mask itself, divided by 1 − rate.
            mask = F.dropout(torch.ones_like(x), layer["rate"], training=True).float().double()
            self.inputs[f"{name}.mask"] = mask
            return x * mask
        if kind in ("yolo", "region"):
            return x
        if kind == "classes":
            return F.softmax(x.flatten(1), 1) if layer["softmax"] else x.flatten(1)
        raise ValueError(kind)


cases = []
tensors = {}


def stored(tensor):
    """Index of a tensor in the file's table."""
    data = tensor.contiguous().float().numpy().astype("<f4").tobytes()
    key = (tuple(tensor.shape), data)
    entry = {"shape": list(tensor.shape), "data": base64.b64encode(data).decode()}
    return tensors.setdefault(key, (len(tensors), entry))[0]


def case(title, image, layers, mode="inference", show=None):
    """Evaluates layers in sequence: each reads the previous one unless it names its inputs."""
    run = Run(image, mode)
    network, last = [], "input"
    for index, layer in enumerate(layers):
        layer = {"name": f"{index}", "inputs": [last], **layer}
        run.step(layer)
        network.append(layer)
        last = layer["name"]
    if not any(layer["type"] in ("yolo", "region", "classes") for layer in network):
        count = run.values[show or last][0].numel()
        layer = {"type": "classes", "name": "out", "inputs": [show or last], "classes": count, "softmax": False}
        run.step(layer)
        network.append(layer)
    cases.append(
        {
            "title": title,
            "mode": mode,
            "network": {"name": "layers", "input": list(image.shape[1:]), "layers": network},
            "weights": {name: stored(value) for name, value in run.weights.items()},
            "inputs": {name: stored(value) for name, value in run.inputs.items()},
            "outputs": {name: stored(value) for name, value in run.outputs.items()},
        }
    )


def conv(out, kernel, stride=1, padding=None, groups=1, bias=False, **more):
    half = kernel // 2
    return {
        "type": "conv",
        "outChannels": out,
        "kernel": kernel,
        "stride": stride,
        "padding": padding or [half] * 4,
        "groups": groups,
        "bias": bias,
        **more,
    }


def norm(epsilon=1e-5, **more):
    return {"type": "batchNorm", "epsilon": epsilon, "momentum": 0.1, **more}


def act(function, **more):
    return {"type": "activation", "function": function, **more}


def pool(kind, kernel, stride, padding=(0, 0, 0, 0)):
    return {"type": kind, "kernel": kernel, "stride": stride, "padding": list(padding)}


even = random(2, 4, 6, 8)
odd = random(2, 4, 7, 5)
small = random(2, 6, 3, 4)
pixel = random(2, 6, 1, 1)

for image, sides in ((even, "even"), (odd, "odd")):
    for kernel in (1, 3, 5, 7):
        for stride in (1, 2):
            case(f"conv {kernel}×{kernel}, stride {stride}, {sides} sides", image, [conv(2, kernel, stride)])
            depthwise = conv(4, kernel, stride, groups=4)
            case(f"depthwise conv {kernel}×{kernel}, stride {stride}, {sides} sides", image, [depthwise])
for stride in (1, 2):
    case(f"conv padded below and to the right only, stride {stride}", even, [conv(3, 3, stride, [0, 0, 1, 1])])
    case(f"conv padded by 1, 0, 2 and 3 pixels, stride {stride}", odd, [conv(3, 3, stride, [1, 0, 2, 3])])
    case(f"conv without padding, stride {stride}", odd, [conv(3, 5, stride, [0, 0, 0, 0])])
    case(f"conv in two groups, stride {stride}", even, [conv(6, 3, stride, groups=2)])
    case(f"conv in two groups with bias, stride {stride}", odd, [conv(2, 3, stride, groups=2, bias=True)])
    case(f"conv with bias, stride {stride}", even, [conv(3, 3, stride, bias=True)])
case("depthwise conv with two outputs a channel", even, [conv(8, 3, groups=4)])
case("depthwise conv with bias", odd, [conv(4, 3, groups=4, bias=True)])
case("conv on one pixel", pixel, [conv(3, 1, bias=True)])

for mode in ("inference", "training"):
    case(f"batchNorm in {mode}", even, [norm()], mode)
    case(f"batchNorm with epsilon 0.01 in {mode}", odd, [norm(1e-2)], mode)
    case(f"conv and batchNorm in {mode}", even, [conv(3, 3), norm()], mode)
    case(f"conv with bias and batchNorm in {mode}", even, [conv(3, 3, bias=True), norm()], mode)
    case(f"depthwise conv and batchNorm in {mode}", odd, [conv(4, 3, 2, groups=4), norm()], mode)
    case(
        f"conv read by a batchNorm and by an add in {mode}",
        even,
        [conv(3, 3), norm(), {"type": "add", "inputs": ["0", "1"]}],
        mode,
    )
    case(f"two batchNorms after a conv in {mode}", even, [conv(3, 3), norm(), norm()], mode)
    case(f"dropout in {mode}", even, [{"type": "dropout", "rate": 0.25}], mode)

spread = torch.linspace(-9, 9, 2 * 3 * 4 * 4, dtype=torch.float64).float().double().reshape(2, 3, 4, 4).clone()
spread[0, 0, 0, :4] = torch.tensor([0.0, 100.0, -100.0, -30.0], dtype=torch.float64)
for function in ACTIVATIONS:
    case(f"activation {function}", spread, [act(function)])
for slope in (0.01, 0.25):
    case(f"activation leakyRelu with slope {slope}", spread, [act("leakyRelu", slope=slope)])

# Negative everywhere, so padding that counted as 0 would win.
for image, sides in ((-even.abs() - 1, "even"), (-odd.abs() - 1, "odd")):
    image = image.float().double()
    for kind in ("maxPool", "avgPool"):
        case(f"{kind} 2×2, stride 2, {sides} sides", image, [pool(kind, 2, 2)])
        case(
            f"{kind} 2×2, stride 1, padded below and to the right, {sides} sides", image, [pool(kind, 2, 1, (0, 0, 1, 1))]
        )
        case(f"{kind} 3×3, stride 1, {sides} sides", image, [pool(kind, 3, 1, (1, 1, 1, 1))])
        case(f"{kind} 3×3, stride 2, {sides} sides", image, [pool(kind, 3, 2, (1, 1, 1, 1))])
        case(f"{kind} 5×5, stride 1, padded by 1, 2, 2 and 0, {sides} sides", image, [pool(kind, 5, 1, (1, 2, 2, 0))])
case("globalAvgPool", odd, [{"type": "globalAvgPool"}])
for factor in (1, 2, 3):
    case(f"upsample by {factor}", small, [{"type": "upsample", "factor": factor}])

case("concat of one", small, [{"type": "concat"}])
case("concat of two", small, [conv(2, 1), {"type": "concat", "inputs": ["0", "input"]}])
case("concat of three, one of them twice", small, [conv(2, 1), {"type": "concat", "inputs": ["input", "0", "input"]}])
case("slice at the start", small, [{"type": "slice", "start": 0, "end": 2}])
case("slice in the middle", small, [{"type": "slice", "start": 1, "end": 4}])
case("slice at the end", small, [{"type": "slice", "start": 5, "end": 6}])
for groups in (1, 2, 3, 6):
    case(f"shuffle in {groups} groups", small, [{"type": "shuffle", "groups": groups}])
case("add", small, [conv(6, 1), {"type": "add", "inputs": ["input", "0"]}])
case("add of a map to itself", small, [{"type": "add", "inputs": ["input", "input"]}])
case("multiply by a map", small, [conv(6, 1), {"type": "multiply", "inputs": ["input", "0"]}])
case(
    "multiply by one gate a channel",
    small,
    [{"type": "globalAvgPool"}, act("sigmoid"), {"type": "multiply", "inputs": ["input", "1"]}],
)
case("multiply by one gate a pixel", small, [conv(1, 3), act("sigmoid"), {"type": "multiply", "inputs": ["input", "1"]}])
case("multiply by one number", small, [conv(1, 1), {"type": "globalAvgPool"}, {"type": "multiply", "inputs": ["input", "1"]}])
for bias in (True, False):
    title = f"dense {'with' if bias else 'without'} bias"
    case(title, small, [{"type": "dense", "outFeatures": 5, "bias": bias}])
case("dense read by a conv", small, [{"type": "dense", "outFeatures": 5, "bias": True}, conv(3, 1)])
case("dense on one pixel", pixel, [{"type": "dense", "outFeatures": 4, "bias": True}])

anchors = [[10, 14], [23, 27]]
head = random(2, 14, 2, 3)
yolo = {"type": "yolo", "anchors": anchors, "classes": 2, "scaleXY": 1.05}
region = {"type": "region", "anchors": anchors, "classes": 2, "softmax": True}
case("yolo", head, [yolo])
case("region", head, [region])
case("yolo and region on one conv", head, [conv(14, 1, bias=True), yolo, {**region, "inputs": ["0"]}])
for softmax in (True, False):
    layer = {"type": "classes", "classes": 6, "softmax": softmax}
    case(f"classes {'with' if softmax else 'without'} softmax", pixel * 20, [layer])

block = [
    conv(12, 1),
    norm(),
    act("relu6"),
    conv(12, 5, 2, groups=12),
    norm(1e-3),
    act("hardSwish"),
    {"type": "globalAvgPool"},
    conv(3, 1, bias=True),
    act("relu"),
    conv(12, 1, bias=True),
    act("hardSigmoid"),
    {"type": "multiply", "inputs": ["5", "10"]},
    conv(4, 1),
    norm(),
]
for mode in ("inference", "training"):
    case(f"an inverted bottleneck with squeeze and excitation in {mode}", even, block, mode)

table = json.dumps([entry for _, entry in tensors.values()], separators=(",", ":"), ensure_ascii=False)
lines = ",\n".join(json.dumps(entry, separators=(",", ":"), ensure_ascii=False) for entry in cases)
TARGET.parent.mkdir(parents=True, exist_ok=True)
TARGET.write_text(f'{{"tensors":{table},\n"cases":[\n{lines}\n]}}\n', encoding="utf-8")
print(f"{TARGET}: {len(cases)} cases, {len(tensors)} tensors, {TARGET.stat().st_size:,} bytes")
