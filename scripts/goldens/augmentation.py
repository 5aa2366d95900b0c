"""Makes test/training/augmentation/fixtures: samples of images warped by OpenCV (`warped.json`), and colors whose hue,
saturation and value were changed with OpenCV's HSV conversions (`shifted-colors.json`).

    python scripts/goldens/augmentation.py

Needs numpy and opencv-python 5. Images are not stored: `photo_like` and the test make the same ones from
their size.
"""

import json
from pathlib import Path

import cv2
import numpy as np

FIXTURES = Path(__file__).parents[2] / "test/training/augmentation/fixtures"
FILL = 114
# Step of the sampled canvas pixels, in both directions.
STEP = 7

# Image (width, height), canvas (width, height), and the map from one to the other; pixels count from edges.
WARPS = [
    ((160, 120), (128, 128), [0.8, 0, 0, 0, 0.8, 16]),
    ((97, 131), (140, 90), [1.37, 0, -12.3, 0, 1.37, -40.7]),
    ((160, 120), (128, 128), [-0.9, 0, 130.4, 0, 0.9, 4.2]),
    ((150, 110), (128, 96), [0.76, -0.31, 25.5, 0.31, 0.76, -8.25]),
    ((150, 110), (128, 96), [0.2, -1.1, 110.2, 0.95, 0.15, -20.1]),
    ((80, 70), (128, 128), [1.2, 0.4, -3.5, 0.1, 1.5, 2.75]),
    ((61, 3), (64, 40), [0.9, 0.2, 1.5, -0.1, 6.5, 9.5]),
]
# Hue in turns, factors of saturation and value.
SHIFTS = [(0.015, 1.7, 1.4), (-0.015, 0.3, 0.6), (0.4, 1, 1), (-0.27, 1.2, 0.9), (0, 0, 1), (0.1, 2, 2)]


def photo_like(width: int, height: int) -> np.ndarray:
    """Waves with some noise."""
    state = (width * 65536 + height) & 0xFFFFFFFF
    values = np.empty(3 * width * height, np.uint8)
    for i in range(len(values)):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        x, y, channel = i // 3 % width, i // 3 // width, i % 3
        wave = 50 * np.sin(0.21 * x + channel) + 40 * np.cos(0.17 * y - channel)
        values[i] = np.floor(110 + wave + (state >> 24) / 8)
    return values.reshape(height, width, 3)


def warp(image: np.ndarray, canvas: tuple[int, int], matrix: list[float]) -> np.ndarray:
    full = np.vstack([np.reshape(matrix, (2, 3)), [0, 0, 1]])
    half = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
    # OpenCV's coordinates are relative to pixel centers.
    centers = np.linalg.inv(half) @ full @ half
    warped = cv2.warpAffine(image, centers[:2], canvas, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    y, x = np.mgrid[0 : canvas[1], 0 : canvas[0]] + 0.5
    u, v, _ = np.tensordot(np.linalg.inv(full), np.stack([x, y, np.ones_like(x)]), 1)
    outside = (u < 0) | (u >= image.shape[1]) | (v < 0) | (v >= image.shape[0])
    warped[outside] = FILL
    return warped


def shift_colors(colors: np.ndarray, hue: float, saturation: float, value: float) -> np.ndarray:
    hsv = cv2.cvtColor(np.float32(colors[None]) / 255, cv2.COLOR_RGB2HSV)
    hsv[..., 0] = (hsv[..., 0] + 360 * hue) % 360
    hsv[..., 1] = np.clip(hsv[..., 1] * saturation, 0, 1)
    hsv[..., 2] = np.clip(hsv[..., 2] * value, 0, 1)
    return np.rint(255 * cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB))[0].astype(int)


def main() -> None:
    FIXTURES.mkdir(parents=True, exist_ok=True)
    warped = [
        {
            "image": image,
            "canvas": canvas,
            "matrix": matrix,
            "step": STEP,
            "samples": warp(photo_like(*image), canvas, matrix)[::STEP, ::STEP].ravel().tolist(),
        }
        for image, canvas, matrix in WARPS
    ]
    (FIXTURES / "warped.json").write_text("[\n" + ",\n".join(map(json.dumps, warped)) + "\n]\n")

    corners = [[r, g, b] for r in (0, 255) for g in (0, 255) for b in (0, 255)]
    noise = np.random.default_rng(1).integers(0, 256, (120, 3)).tolist()
    colors = np.array(corners + noise + [[90, 90, 90], [200, 199, 199], [1, 0, 0], [3, 2, 1]])
    shifted = {
        "colors": colors.ravel().tolist(),
        "shifts": [
            {"hue": h, "saturation": s, "value": v, "colors": shift_colors(colors, h, s, v).ravel().tolist()}
            for h, s, v in SHIFTS
        ],
    }
    (FIXTURES / "shifted-colors.json").write_text(json.dumps(shifted) + "\n")


if __name__ == "__main__":
    main()
