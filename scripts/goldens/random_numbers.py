"""The random numbers of src/foundation/random.ts, so that both sides draw the same."""

import numpy as np


def random_integers(count, seed=1):
    """What uniformRandom(seed) of src/foundation/random.ts draws (mulberry32), times 2³²."""

    def multiply(a, b):
        return (a * b) & 0xFFFFFFFF

    state = (seed + 0x6D2B79F5 * np.arange(1, count + 1, dtype=np.uint64)) & 0xFFFFFFFF
    t = multiply(state ^ (state >> 15), 1 | state)
    t = ((t + multiply(t ^ (t >> 7), 61 | t)) & 0xFFFFFFFF) ^ t
    return t ^ (t >> 14)
