"""Makes test/models/fixtures/classifiers.json: logits of torchvision's, timm's and Keras's networks.

Weights are too large to store: both sides generate them, each tensor from a seed of its name (`uniform` below), and the
file holds names and shapes, in alphabetical order, and the logits of two images generated likewise. PyTorch computes in
float64; Keras, on PyTorch, in float32.

Run: python scripts/goldens/classifiers.py        (needs torch, torchvision, timm, keras, numpy)
"""

import json
import os
from pathlib import Path

os.environ["KERAS_BACKEND"] = "torch"

import keras  # noqa: E402
import numpy as np  # noqa: E402
import timm  # noqa: E402
import torch  # noqa: E402
import torchvision  # noqa: E402
from random_numbers import random_integers  # noqa: E402

TARGET = Path(__file__).parents[2] / "test/models/fixtures/classifiers.json"
CLASSES = 16
# Not square, so that rows and columns cannot be mistaken for each other.
HEIGHT, WIDTH = 64, 96
TORCHVISION = [
    "mobilenet_v2",
    "mobilenet_v3_large",
    "mobilenet_v3_small",
    "mnasnet1_0",
    "shufflenet_v2_x1_0",
    "efficientnet_b0",
]
TIMM = ["mobilenetv1_100", "semnasnet_100", "efficientnet_lite0", "ghostnet_100"]
KERAS = {"keras_mobilenet": "MobileNet", "keras_mobilenet_v2": "MobileNetV2"}
# Factors on the kernels' scale with which the difference between the images survives all layers.
GAINS = [0.7 + 0.05 * step for step in range(20)]


def seed(name):
    """FNV-1a of the name's characters."""
    value = 0x811C9DC5
    for character in name.encode():
        value = ((value ^ character) * 0x01000193) & 0xFFFFFFFF
    return value


def uniform(name, shape):
    """Numbers from −1 to 1, exact in float32."""
    count = int(np.prod(shape))
    drawn = 2 * (random_integers(count, seed(name)) / 2**32) - 1
    return drawn.astype(np.float32).astype(np.float64).reshape(shape)


def fill(name, shape, kind, fan_in, gain):
    """A tensor of a network: kernels by the inputs of a unit, norms near the identity."""
    drawn = uniform(name, shape)
    if kind == "kernel":
        values = drawn * gain * np.sqrt(6 / fan_in)
    elif kind == "scale":
        values = 1 + 0.3 * drawn
    elif kind == "variance":
        values = 1 + 0.5 * np.abs(drawn)
    else:
        values = 0.2 * drawn
    return values.astype(np.float32)


def images():
    return np.stack([uniform(f"image {index}", (3, HEIGHT, WIDTH)) for index in range(2)])


def torch_case(model, gain, numbered):
    model = model.double().eval()
    shapes = {}
    state = model.state_dict()
    for key in [name for name in state if not name.endswith("num_batches_tracked")]:
        name = f"{len(shapes):03}.{key}" if numbered else key
        shape = tuple(state[key].shape)
        last = key.split(".")[-1]
        kind = {"running_mean": "mean", "running_var": "variance", "bias": "bias"}.get(last)
        kind = kind or ("kernel" if len(shape) > 1 else "scale")
        state[key] = torch.from_numpy(fill(name, shape, kind, int(np.prod(shape[1:])), gain)).double()
        shapes[name] = list(shape)
    model.load_state_dict(state)
    with torch.no_grad():
        logits = model(torch.from_numpy(images()))
    return shapes, logits.numpy()


def torchvision_case(name, gain):
    return torch_case(getattr(torchvision.models, name)(num_classes=CLASSES), gain, numbered=False)


def timm_case(name, gain):
    # timm does not number modules outside its blocks, so the position in the network is part of the name.
    return torch_case(timm.create_model(name, num_classes=CLASSES), gain, numbered=True)


def keras_case(name, gain):
    network = getattr(keras.applications, name)(
        weights=None, input_shape=(HEIGHT, WIDTH, 3), classes=CLASSES, classifier_activation=None
    )
    shapes = {}
    for index, weight in enumerate(network.weights):
        # Keras's layers are not in alphabetical order, so the position in the network is part of the name.
        key = f"{index:03}.{weight.path}"
        shape = tuple(weight.shape)
        last = weight.path.split("/")[-1]
        kind = {"gamma": "scale", "moving_mean": "mean", "moving_variance": "variance"}.get(last)
        kind = kind or ("kernel" if len(shape) > 1 else "bias")
        depthwise = len(shape) == 4 and shape[3] == 1
        fan_in = int(np.prod(shape[:2] if depthwise else shape[:-1]))
        weight.assign(fill(key, shape, kind, fan_in, gain))
        shapes[key] = list(shape)
    logits = network(images().transpose(0, 2, 3, 1).astype(np.float32), training=False)
    return shapes, logits.detach().cpu().numpy()


def tuned(case, name):
    """A case with the first gain at which the images' logits differ by half a unit on average."""
    for gain in GAINS:
        shapes, logits = case(name, gain)
        difference = np.abs(logits[0] - logits[1]).mean()
        if difference > 0.5:
            print(f"{name}: {len(shapes)} tensors, gain {gain:.2f}, logits differ by {difference:.2f}")
            return gain, shapes, logits
    raise ValueError(f"{name}: no gain lets its images differ")


def main():
    cases = {name: tuned(torchvision_case, name) for name in TORCHVISION}
    cases |= {name: tuned(timm_case, name) for name in TIMM}
    cases |= {name: tuned(keras_case, builder) for name, builder in KERAS.items()}
    content = {
        name: {
            "gain": gain,
            "tensors": dict(sorted(shapes.items())),
            "logits": [[float(np.float32(value)) for value in row] for row in logits],
        }
        for name, (gain, shapes, logits) in cases.items()
    }
    lines = (f"{json.dumps(name)}:{json.dumps(case, separators=(',', ':'))}" for name, case in content.items())
    TARGET.write_text("{" + ",\n".join(lines) + "}\n")


main()
