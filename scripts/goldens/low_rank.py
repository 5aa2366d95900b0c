"""Singular values and low-rank kernels from NumPy: the goldens of test/compression/low-rank/.

    pip install numpy
    python scripts/goldens/low_rank.py

Writes test/compression/low-rank/fixtures/numpy.json: matrices with their singular values and their nearest matrix of a
rank, and kernels [T, S, k, k] with their approximations by k×1 · 1×k of a rank and by Tucker-2 (HOSVD) of two ranks.
"""
import json
from pathlib import Path

import numpy as np

OUT = Path(__file__).resolve().parents[2] / 'test/compression/low-rank/fixtures/numpy.json'


def nearest(matrix, rank):
    u, s, vt = np.linalg.svd(matrix, full_matrices=False)
    return (u[:, :rank] * s[:rank]) @ vt[:rank]


def spatial(kernel, rank):
    t, s, k, _ = kernel.shape
    unfolded = kernel.transpose(1, 2, 0, 3).reshape(s * k, t * k)
    return nearest(unfolded, rank).reshape(s, k, t, k).transpose(2, 0, 1, 3)


def tucker(kernel, inputs, outputs):
    t, s = kernel.shape[:2]
    by_output = np.linalg.svd(kernel.reshape(t, -1), full_matrices=False)[0][:, :outputs]
    by_input = np.linalg.svd(kernel.transpose(1, 0, 2, 3).reshape(s, -1), full_matrices=False)[0][:, :inputs]
    return np.einsum('ta,ua,sb,vb,uvyx->tsyx', by_output, by_output, by_input, by_input, kernel)


def tensor(values):
    return dict(shape=list(values.shape), data=[float(f'{v:.12g}') for v in values.ravel()])


def main():
    random = np.random.default_rng(7)
    matrices = []
    for rows, columns, rank in [(5, 8, 2), (9, 4, 3), (6, 6, 1)]:
        matrix = random.normal(size=(rows, columns)).astype(np.float32).astype(np.float64)
        singular = np.linalg.svd(matrix, compute_uv=False)
        matrices.append(dict(matrix=tensor(matrix), rank=rank, singular=[float(f'{v:.12g}') for v in singular],
                             nearest=tensor(nearest(matrix, rank))))
    kernels = []
    for shape, rank, ranks in [((6, 4, 3, 3), 3, (2, 3)), ((3, 5, 3, 3), 2, (4, 2))]:
        kernel = random.normal(size=shape).astype(np.float32).astype(np.float64)
        kernels.append(dict(kernel=tensor(kernel), spatial=dict(ranks=[rank], left=tensor(spatial(kernel, rank))),
                            tucker=dict(ranks=list(ranks), left=tensor(tucker(kernel, *ranks)))))
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(dict(matrices=matrices, kernels=kernels)) + '\n')


if __name__ == '__main__':
    main()
