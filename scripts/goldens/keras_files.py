"""Makes test/models/formats/keras/fixtures: small models as Keras saves them, gzipped, and logits.json, Keras's logits for an image.

Narrow networks and weights with few digits keep the files small: MobileNet as .h5 in Keras 2's layout and as .keras,
MobileNetV2 as .weights.h5, and a MobileNet inside a user's own model. Keras 2 itself makes own.h5, of a model whose
first layers are frozen and therefore come last in its file. Keras computes in float32.

Run: python scripts/goldens/keras_files.py        (needs torch, keras, numpy)
     the same once more with Keras 2              (needs tensorflow-cpu==2.15.1)
"""

import gzip
import json
import os
import tempfile
from pathlib import Path

os.environ["KERAS_BACKEND"] = "torch"

import keras  # noqa: E402
import numpy as np  # noqa: E402
from random_numbers import random_integers  # noqa: E402

TARGET = Path(__file__).parents[2] / "test/models/formats/keras/fixtures"
SIDE = 64
CLASSES = 5
IS_NEW = not keras.__version__.startswith("2.")


def drawn(seed, shape):
    """Numbers from −1 to 1, exact in float32."""
    values = 2 * (random_integers(int(np.prod(shape)), seed) / 2**32) - 1
    return values.astype(np.float32).reshape(shape)


def fill(network):
    """Kernels by the inputs of a unit, norms near the identity."""
    for index, weight in enumerate(network.weights):
        # Keras 2 has no paths, and calls a depthwise kernel depthwise_kernel.
        path = getattr(weight, "path", weight.name)
        shape, kind = tuple(weight.shape), path.split("/")[-1].removesuffix(":0").removeprefix("depthwise_")
        values = drawn(index, shape)
        if kind == "kernel":
            depthwise = len(shape) == 4 and shape[3] == 1
            values *= 1.2 * np.sqrt(6 / np.prod(shape[:2] if depthwise else shape[:-1]))
        elif kind == "gamma":
            values = 1 + 0.3 * values
        elif kind == "moving_variance":
            values = 1 + 0.5 * np.abs(values)
        else:
            values *= 0.2
        weight.assign((np.round(values * 64) / 64).astype(np.float32))
    return network


def application(name, alpha, **options):
    build = getattr(keras.applications, name)
    return build(
        alpha=alpha, weights=None, input_shape=(SIDE, SIDE, 3), classes=CLASSES, classifier_activation=None, **options
    )


def of_own():
    """A trunk under pooling and a dense layer, as in tutorials of transfer learning."""
    trunk = application("MobileNet", 0.25, include_top=False)
    return keras.Sequential([trunk, keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(CLASSES)])


def logits(network):
    image = drawn(99, (1, SIDE, SIDE, 3))
    values = keras.ops.convert_to_numpy(network(image, training=False))[0] if IS_NEW else network(image).numpy()[0]
    assert np.abs(values).max() > 0.1, "logits say nothing"
    return [float(value) for value in values]


def keep(save, name):
    """Saves a model as NAME.gz."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        save(path)
        (TARGET / f"{name}.gz").write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))


def of_new_keras():
    mobilenet = fill(application("MobileNet", 0.25))
    keep(mobilenet.save, "mobilenet.h5")
    keep(mobilenet.save, "mobilenet.keras")
    second = fill(application("MobileNetV2", 0.1))
    keep(second.save_weights, "mobilenet_v2.weights.h5")
    own = fill(of_own())
    keep(own.save, "own.keras")
    return {"mobilenet": logits(mobilenet), "mobilenet_v2": logits(second), "own": logits(own)}


def of_keras_2():
    own = fill(of_own())
    # As in fine-tuning tutorials; the blocks after it have equal shapes.
    for layer in own.layers[0].layers:
        layer.trainable = False
        if layer.name == "conv_pw_7_relu":
            break
    keep(own.save, "own.h5")
    return {"own_keras_2": logits(own)}


def main():
    TARGET.mkdir(parents=True, exist_ok=True)
    file = TARGET / "logits.json"
    known = json.loads(file.read_text()) if file.exists() else {}
    said = of_new_keras() if IS_NEW else of_keras_2()
    file.write_text(json.dumps(known | said, indent=2) + "\n")
    print(said)


main()
