"""Runs one of our ONNX files with every installed peer, for `micro-yolo benchmark --compare`.

    python scripts/peers/onnx_network.py FOLDER WIDTH HEIGHT THREADS

FOLDER holds `model.onnx` and `pixels`, uint8 [1, HEIGHT, WIDTH, 3]. First prints a line of JSON with the peers that are available and
missing. Then each line on stdin names one by its index: `run 0` runs it once, `write 0` also writes its outputs to
FOLDER as float32, each by its name. Each line gets one line as answer.
"""

import json
import os
import sys

folder, width, height, threads = sys.argv[1], *map(int, sys.argv[2:5])
os.environ.setdefault("OMP_NUM_THREADS", str(threads))

import numpy as np  # noqa: E402

path = os.path.join(folder, "model.onnx")
pixels = np.fromfile(os.path.join(folder, "pixels"), np.uint8).reshape(1, height, width, 3)


def opencv():
    import cv2

    cv2.setNumThreads(threads)
    net = cv2.dnn.readNetFromONNX(path)
    names = net.getUnconnectedOutLayersNames()

    def run():
        net.setInput(pixels, "image")
        return dict(zip(names, net.forward(names)))

    return f"OpenCV {cv2.__version__}", run


def onnxruntime():
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 4
    session = ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    return f"ONNX Runtime {ort.__version__}", lambda: dict(zip(names, session.run(names, {"image": pixels})))


def openvino():
    import openvino as ov

    core = ov.Core()
    config = {"INFERENCE_NUM_THREADS": threads, "INFERENCE_PRECISION_HINT": "f32", "PERFORMANCE_HINT": "LATENCY"}
    model = core.read_model(path)
    model.reshape({"image": [1, height, width, 3]})
    compiled = core.compile_model(model, "CPU", config)
    return f"OpenVINO {ov.__version__.split('-')[0]}", lambda: {
        output.any_name: value for output, value in compiled({"image": pixels}).items()
    }


def pytorch():
    import torch
    from onnx2torch import convert

    torch.set_num_threads(threads)
    import onnx

    model = onnx.load(path)
    module = convert(model).eval()
    names = [output.name for output in model.graph.output]

    def run():
        with torch.inference_mode():
            found = module(torch.from_numpy(pixels))
        found = found if isinstance(found, (list, tuple)) else [found]
        return {name: value.numpy() for name, value in zip(names, found)}

    return f"PyTorch {torch.__version__.split('+')[0]}", run


def ncnn():
    raise ImportError("ncnn reads no ONNX: convert it with pnnx")


peers, missing = [], []
for start in (opencv, onnxruntime, openvino, pytorch, ncnn):
    try:
        name, run = start()
        run()
        peers.append((name, run))
    except Exception as error:  # noqa: BLE001 - one failing peer must not stop the others
        reason = str(error).strip().split("\n")[0][:120]
        missing.append(f"{start.__name__}: {reason}")
print(json.dumps({"peers": [name for name, _ in peers], "missing": missing}), flush=True)

for line in sys.stdin:
    action, place = line.split()
    outputs = peers[int(place)][1]()
    if action == "write":
        for name, value in outputs.items():
            np.asarray(value, np.float32).tofile(os.path.join(folder, name))
    print("{}", flush=True)
