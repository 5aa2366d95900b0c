"""Makes test/image/fixtures: small images in the formats and orientations that the decoder reads, the
pixels that Pillow and OpenCV see in them (`decoded.json`), and images resized by OpenCV (`resized.json`, `bicubic.json`) and Pillow (`antialiased.json`).

    python scripts/goldens/images.py

Needs numpy, opencv-python 4.11 and Pillow 13 (with AVIF and WebP). Pixels are R, G, B, row by row, deflated,
in base64. The images to resize are not stored: `noise` and the test make the same ones from a seed.
"""

import base64
import json
import zlib
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageOps

FIXTURES = Path(__file__).parents[2] / "test/image/fixtures"

# EXIF orientation: how to store an image so that it is shown upright.
STORED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
EXIF_ORIENTATION = 0x0112

# (width, height) before and after.
RESIZED = [
    ((37, 23), (64, 64)),
    ((64, 48), (32, 24)),  # halved: OpenCV has special code for that
    ((20, 15), (40, 30)),  # doubled
    ((300, 200), (97, 31)),
    ((50, 40), (1, 13)),
    ((1, 9), (5, 7)),
    ((9, 1), (4, 3)),
    ((1, 1), (3, 2)),
    ((33, 21), (33, 40)),  # one side stays
    ((21, 33), (40, 33)),
    ((19, 11), (19, 11)),
    ((4500, 2), (700, 3)),  # in single precision, far positions fall halfway between two weights
]


def packed(pixels: np.ndarray) -> str:
    return base64.b64encode(zlib.compress(np.ascontiguousarray(pixels, np.uint8).tobytes(), 9)).decode()


def picture(width: int = 40, height: int = 24) -> np.ndarray:
    """Gradients with a patch of a different color in each corner."""
    y, x = np.mgrid[0:height, 0:width]
    rgb = np.stack([x * 255 // (width - 1), y * 255 // (height - 1), 255 - x * 255 // (width - 1)], -1)
    rgb[:8, :8] = 220, 30, 30
    rgb[:8, -8:] = 30, 180, 40
    rgb[-8:, :8] = 40, 60, 220
    rgb[-8:, -8:] = 230, 210, 40
    return rgb.astype(np.uint8)


def over_white(rgba: np.ndarray) -> np.ndarray:
    alpha = rgba[..., 3:] / 255
    return np.rint(rgba[..., :3] * alpha + 255 * (1 - alpha)).astype(np.uint8)


def noise(width: int, height: int) -> np.ndarray:
    state = (width * 65536 + height) & 0xFFFFFFFF
    values = np.empty(3 * width * height, np.uint8)
    for i in range(len(values)):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        values[i] = state >> 24
    return values.reshape(height, width, 3)


def make_pictures() -> dict[str, np.ndarray]:
    """Saves the images. Returns the upright pixels of each, [height, width, 3]."""
    rgb = picture()
    height, width = rgb.shape[:2]
    upright = Image.fromarray(rgb)
    grey = upright.convert("L")
    # Transparent on the left, opaque on the right.
    ramp = np.broadcast_to(np.arange(width) * 255 // (width - 1), (height, width)).astype(np.uint8)
    rgba = np.dstack([rgb, ramp])
    expected: dict[str, np.ndarray] = {}

    def save(name: str, image: Image.Image, pixels: np.ndarray | None = None, **options) -> None:
        image.save(FIXTURES / name, **options)
        if pixels is None:
            with Image.open(FIXTURES / name) as saved:
                pixels = np.asarray(ImageOps.exif_transpose(saved).convert("RGB"))
        expected[name] = pixels

    save("upright.png", upright)
    for orientation, transposition in STORED.items():
        exif = Image.Exif()
        exif[EXIF_ORIENTATION] = orientation
        stored = upright if transposition is None else upright.transpose(transposition)
        name = f"orientation-{orientation}.jpg"
        save(name, stored, quality=95, subsampling=0, exif=exif)
        assert np.array_equal(cv2.imread(str(FIXTURES / name))[..., ::-1], expected[name]), name
    save("subsampled.jpg", upright, quality=90, subsampling=2)
    save("progressive.jpg", upright, quality=95, progressive=True)
    save("grey.jpg", grey, quality=95)
    save("cmyk.jpg", upright.convert("CMYK"), quality=95)
    save("grey.png", grey)
    save("one-bit.png", upright.convert("1"))
    save("palette.png", upright.quantize(32))
    save("rgba.png", Image.fromarray(rgba, "RGBA"), over_white(rgba))
    grey_alpha = np.dstack([np.asarray(grey)] * 3 + [ramp])
    save("grey-alpha.png", Image.merge("LA", [grey, Image.fromarray(ramp)]), over_white(grey_alpha))
    # The first color of the palette is transparent.
    paletted = upright.quantize(16)
    shown = np.where((np.asarray(paletted) == 0)[..., None], 255, np.asarray(paletted.convert("RGB")))
    save("palette-transparent.png", paletted, shown, transparency=0)
    save("palette-transparent.gif", paletted, shown, transparency=0)
    animation = [Image.fromarray(255 - rgb).quantize(32)]
    save("animated.gif", upright.quantize(32), save_all=True, append_images=animation, duration=100)
    save("lossy.webp", upright, quality=90)
    save("lossless.webp", Image.fromarray(rgba, "RGBA"), over_white(rgba), lossless=True, exact=True)
    save("picture.avif", upright, quality=100, subsampling="4:4:4")
    save("lzw.tif", upright, compression="tiff_lzw")
    turned = Image.Exif()
    turned[EXIF_ORIENTATION] = 6
    save("orientation-6.tif", upright.transpose(STORED[6]), exif=turned)
    save("pages.tiff", upright, save_all=True, append_images=[Image.fromarray(255 - rgb)])

    # Pillow cannot write all of these. OpenCV reads the upper 8 bits, and rounds those of a color TIFF.
    y, x = np.mgrid[0:height, 0:width]
    deep = np.minimum(rgb.astype(np.uint32) * 257 + ((x * 37 + y * 91) % 256)[..., None], 65535)
    for name, values in {"16-bit": deep[..., ::-1], "grey-16-bit": deep[..., 0]}.items():
        for ending in ("png", "tif"):
            path = FIXTURES / f"{name}.{ending}"
            cv2.imwrite(str(path), values.astype(np.uint16))
            expected[path.name] = cv2.imread(str(path), cv2.IMREAD_COLOR)[..., ::-1]
    return expected


def resize(image: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """INTER_LINEAR, after making sure that OpenCV's vector code agrees with its plain code."""
    results = []
    for optimized in (False, True):
        cv2.setUseOptimized(optimized)
        results.append(cv2.resize(image, size, interpolation=cv2.INTER_LINEAR))
    assert np.array_equal(*results), (image.shape, size)
    return results[0]


def resize_bicubic(image: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    return cv2.resize(image, size, interpolation=cv2.INTER_CUBIC)


def resize_antialiased(image: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    return np.asarray(Image.fromarray(image).resize(size, Image.Resampling.BILINEAR))


def write_resized() -> None:
    for file, resample in (("resized", resize), ("bicubic", resize_bicubic), ("antialiased", resize_antialiased)):
        images = [
            {"from": before, "to": after, "pixels": packed(resample(noise(*before), after))}
            for before, after in RESIZED
        ]
        (FIXTURES / f"{file}.json").write_text(json.dumps(images, indent=1) + "\n")


def main() -> None:
    FIXTURES.mkdir(parents=True, exist_ok=True)
    decoded = {
        name: {"width": pixels.shape[1], "height": pixels.shape[0], "pixels": packed(pixels)}
        for name, pixels in make_pictures().items()
    }
    (FIXTURES / "decoded.json").write_text(json.dumps(decoded, indent=1) + "\n")
    write_resized()


if __name__ == "__main__":
    main()
