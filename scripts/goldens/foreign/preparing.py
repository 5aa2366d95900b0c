"""Images to inputs: (feeds, (scale x, scale y, left, top)), as each family of detectors does it."""
import cv2
import numpy as np
from twin_parts import S

IMAGENET = np.float32([123.675, 116.28, 103.53]), np.float32([58.395, 57.12, 57.375])


def centered(picture, side, pad=114, longest=None, back='sides'):
    """Families map back to the image differently, by up to half an input pixel:

    sides      each axis by its rounded side over the picture's, the margins as drawn (Ultralytics 8.4)
    scale      one unrounded scale, the margins as drawn (YOLO-NAS)
    margins    one unrounded scale, unrounded margins (YOLOv5, YOLOv7, NanoDet)
    """
    height, width = picture.shape[:2]
    scale = (longest or side) / max(height, width)
    w, h = round(width * scale), round(height * scale)
    left, top = round((side - w) / 2 - 0.1), round((side - h) / 2 - 0.1)
    out = np.full((side, side, 3), pad, np.uint8)
    out[top:top + h, left:left + w] = cv2.resize(picture, (w, h), interpolation=cv2.INTER_LINEAR)
    return out, {'sides': (w / width, h / height, left, top), 'scale': (scale, scale, left, top),
                 'margins': (scale, scale, (side - width * scale) / 2, (side - height * scale) / 2)}[back]


def cornered(picture, side, pad=114, rounding=int, back='scale'):
    """back: one scale (YOLOX), or each axis by its rounded side (RTMDet)."""
    height, width = picture.shape[:2]
    scale = side / max(height, width)
    w, h = rounding(width * scale), rounding(height * scale)
    out = np.full((side, side, 3), pad, np.uint8)
    out[:h, :w] = cv2.resize(picture, (w, h), interpolation=cv2.INTER_LINEAR)
    return out, (scale, scale, 0, 0) if back == 'scale' else (w / width, h / height, 0, 0)


def stretched(picture, side):
    height, width = picture.shape[:2]
    return cv2.resize(picture, (side, side), interpolation=cv2.INTER_LINEAR), (side / width, side / height, 0, 0)


def planes(pixels):
    """uint8 [h, w, 3] as float32 [1, 3, h, w]."""
    return np.ascontiguousarray(pixels.transpose(2, 0, 1)[None].astype(np.float32))


def unit(name, shape=centered, side=S, **options):
    """RGB / 255 as one input."""
    def prepare(picture):
        pixels, place = shape(picture, side, **options)
        return {name: planes(pixels) / np.float32(255)}, place
    return prepare


def raw(name, shape, side=S, bgr=False, **options):
    """0 to 255 as one input."""
    def prepare(picture):
        pixels, place = shape(picture, side, **options)
        return {name: planes(pixels[:, :, ::-1] if bgr else pixels)}, place
    return prepare


def normalized(name, shape, side=S, bgr=False, unit_range=False, **options):
    """ImageNet's mean and deviation; in BGR order the means go with their colors (103.53, 116.28, 123.675).

    NanoDet's and RTMDet's deviations in BGR are 57.375, 57.12, 58.395: ImageNet's too.
    """
    mean, std = IMAGENET

    def prepare(picture):
        pixels, place = shape(picture, side, **options)
        values = ((pixels.astype(np.float32) - mean) / std).astype(np.float32)
        values = values[:, :, ::-1] if bgr else values
        return {name: np.ascontiguousarray(values.transpose(2, 0, 1)[None])}, place
    return prepare
