"""Makes test/models/forward/fixtures/fake-quantization.json: results of PyTorch's fake quantization, and its gradients.

    python scripts/goldens/fake_quantization.py        (needs numpy, torch 2.15)

Each case is one layer: a map is rounded with one scale, the kernel with a scale per output channel
(torch.fake_quantize_per_tensor_affine and _per_channel_affine); they are convolved, rectified and rounded again. Scales are as
`quantize` has them: of a map by a range that cuts some values, of a kernel by the largest magnitude. The fixture holds inputs,
scales, the rounded map and kernel, the output, and the gradients of the sum of output times `dy`. No value lies so near the
middle of two levels that float32 could round it the other way.
"""

import base64
import json
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

FIXTURE = Path(__file__).parents[2] / "test/models/forward/fixtures/fake-quantization.json"
# In levels: no value is closer to a rounding boundary.
MARGIN = 5e-4


def text(tensor):
    array = np.ascontiguousarray(tensor.detach().numpy().astype("<f4"))
    return {"shape": list(array.shape), "data": base64.b64encode(array.tobytes()).decode()}


def byte_scale(least, most):
    scale = float(np.float32((most - least) / 255))
    return {"scale": scale, "zeroPoint": round(-least / scale)}


def rounded_map(x, scale):
    return torch.fake_quantize_per_tensor_affine(x, scale["scale"], scale["zeroPoint"], 0, 255)


def rounded_kernel(kernel, largest):
    """PyTorch divides by the scale, so a scale of 0 becomes 1, which rounds zeros to zeros."""
    largest_magnitudes = kernel.detach().abs().amax((1, 2, 3))
    scales = torch.where(largest_magnitudes > 0, largest_magnitudes / largest, torch.ones(()))
    return torch.fake_quantize_per_channel_affine(
        kernel, scales, torch.zeros(len(scales), dtype=torch.int32), 0, -largest, largest
    )


def margin(levels):
    return float((levels - levels.floor() - 0.5).abs().min())


def case(title, groups, largest, before, after, seed):
    random = np.random.default_rng(seed)
    normal = lambda *shape: torch.from_numpy(random.standard_normal(shape).astype(np.float32))
    x, kernel, dy = normal(2, 4, 5, 5), normal(8, 4 // groups, 3, 3) * 0.3, normal(2, 8, 5, 5)
    # A channel of zeros has no largest magnitude for its scale.
    kernel[3] = 0
    x.requires_grad_()
    kernel.requires_grad_()
    small, rounded = rounded_map(x, before), rounded_kernel(kernel, largest)
    rectified = F.relu(F.conv2d(small, rounded, padding=1, groups=groups))
    output = rounded_map(rectified, after)
    (output * dy).sum().backward()
    scales = kernel.detach().abs().amax((1, 2, 3), keepdim=True).clamp(min=1e-30) / largest
    levels = [x.detach() / before["scale"], kernel.detach() / scales, rectified.detach() / after["scale"]]
    if min(map(margin, levels)) < MARGIN:
        return case(title, groups, largest, before, after, seed + 1)
    cut = [int((small.detach() - x.detach()).abs().gt(before["scale"]).sum()), int((rectified > output + after["scale"]).sum())]
    print(f"{title}: seed {seed}, {cut} values cut")
    return {
        **{"title": title, "groups": groups, "bits": 7 if largest == 64 else 8, "before": before, "after": after},
        **{"x": text(x), "kernel": text(kernel), "dy": text(dy)},
        **{"roundedMap": text(small), "roundedKernel": text(rounded), "output": text(output)},
        **{"dx": text(x.grad), "dkernel": text(kernel.grad)},
    }


if __name__ == "__main__":
    signed, positive = byte_scale(-1.3, 2.1), byte_scale(0, 1.5)
    cases = [
        case("8 bits", 1, 127, signed, positive, 0),
        case("7 bits", 1, 64, signed, positive, 0),
        case("8 bits, depthwise", 4, 127, positive, positive, 0),
    ]
    FIXTURE.parent.mkdir(exist_ok=True)
    FIXTURE.write_text(json.dumps(cases) + "\n")
