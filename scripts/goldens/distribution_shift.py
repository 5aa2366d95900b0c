"""Distribution-shift quantization in NumPy, implemented from arXiv 1901.01928: the golden of test/compression/shift/.

    pip install numpy
    python scripts/goldens/distribution_shift.py

Writes test/compression/shift/fixtures/numpy.json: kernels [O, I, k, k] with their integers, the factor of each block (the
kernel distribution shift, by least squares) and the weights that these represent. Blocks run along the input channels at one
position of the kernel; those of depthwise kernels along the positions.
"""
import json
from pathlib import Path

import numpy as np

OUT = Path(__file__).resolve().parents[2] / 'test/compression/shift/fixtures/numpy.json'


def quantize_block(block, bits):
    """One block: the signed weight of largest magnitude becomes -2^(bits - 1)."""
    extreme = block[np.argmax(np.abs(block))]
    if extreme == 0:
        return np.zeros(len(block), int), 0.0
    most = 2 ** (bits - 1)
    q = np.clip(np.rint(-most / extreme * block), -most, most - 1)
    shift = (block @ q) / (q @ q)
    return q.astype(int), shift


def quantize(kernel, bits, size, along):
    outputs, inputs, height, width = kernel.shape
    q, values, shifts = np.zeros(kernel.shape, int), np.zeros(kernel.shape), []
    flat, flat_q, flat_values = (a.reshape(outputs, inputs, height * width) for a in (kernel, q, values))
    if along == 'channels':
        rows = [(o, slice(None), t) for o in range(outputs) for t in range(height * width)]
    else:
        rows = [(o, i, slice(None)) for o in range(outputs) for i in range(inputs)]
    for row in rows:
        line = flat[row]
        for start in range(0, len(line), size):
            part, shift = quantize_block(line[start:start + size], bits)
            shift = float(np.float32(shift))
            flat_q[row][start:start + size] = part
            flat_values[row][start:start + size] = shift * part
            shifts.append(shift)
    return q, shifts, values.astype(np.float32)


def main():
    random = np.random.default_rng(3)
    cases = []
    for shape, bits, size, along in [((4, 10, 3, 3), 4, 4, 'channels'), ((3, 7, 1, 1), 2, 32, 'channels'),
                                     ((2, 5, 3, 3), 8, 2, 'channels'), ((6, 1, 3, 3), 4, 9, 'places')]:
        kernel = random.normal(size=shape).astype(np.float32)
        kernel[0, 0] = 0
        q, shifts, values = quantize(kernel.astype(np.float64), bits, size, along)
        cases.append(dict(shape=list(shape), bits=bits, block=size, along=along, data=kernel.ravel().tolist(),
                          integers=q.ravel().tolist(), shifts=shifts, values=values.ravel().tolist()))
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(cases) + '\n')


if __name__ == '__main__':
    main()
