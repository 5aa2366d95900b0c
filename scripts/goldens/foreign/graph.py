"""Builds tiny ONNX graphs with random weights whose layers are calibrated on sample inputs."""
import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

TYPES = {'f32': TensorProto.FLOAT, 'f16': TensorProto.FLOAT16, 'u8': TensorProto.UINT8, 'i32': TensorProto.INT32,
         'i64': TensorProto.INT64}
CHANNELS = 8


class Graph:
    """Nodes and weights by name. samples: feeds (dicts of arrays) that the layers are calibrated on."""

    def __init__(self, inputs, samples, seed, opset=13):
        self.inputs = [helper.make_tensor_value_info(name, TYPES[kind], shape) for name, kind, shape in inputs]
        self.names = [name for name, _, _ in inputs]
        self.samples, self.random, self.opset = samples, np.random.default_rng(seed), opset
        self.nodes, self.weights, self.outputs = [], {}, []

    def constant(self, value, dtype=None):
        name = f'c{len(self.weights)}'
        self.weights[name] = np.asarray(value, dtype)
        return name

    def op(self, kind, *inputs, outputs=1, named=None, **attributes):
        """Adds a node; arrays and numbers among the inputs become constants. Returns the name or names of its outputs."""
        inputs = [i if isinstance(i, str) else self.constant(i) for i in inputs]
        names = named or [f'{kind.lower()}{len(self.nodes)}' + (f'_{k}' if k else '') for k in range(outputs)]
        self.nodes.append(helper.make_node(kind, inputs, names, **attributes))
        return names[0] if len(names) == 1 else names

    def floats(self, x):
        return self.op('Cast', x, to=TensorProto.FLOAT)

    def longs(self, x):
        return self.op('Cast', x, to=TensorProto.INT64)

    def output(self, x, name, kind, shape):
        """Declares x as an output with this name."""
        self.op('Identity', x, named=[name])
        self.outputs.append(helper.make_tensor_value_info(name, TYPES[kind], shape))

    def model(self, outputs=None, metadata=None):
        graph = helper.make_graph(self.nodes, 'graph', self.inputs,
                                  self.outputs if outputs is None else [onnx.ValueInfoProto(name=o) for o in outputs],
                                  [numpy_helper.from_array(w, name) for name, w in self.weights.items()])
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid('', self.opset)], ir_version=8)
        helper.set_model_props(model, metadata or {})
        return model

    def values(self, *names):
        """The values of these tensors for every sample: one list per name."""
        session = onnxruntime.InferenceSession(self.model(names).SerializeToString(), providers=['CPUExecutionProvider'])
        found = [session.run(list(names), sample) for sample in self.samples]
        return [list(column) for column in zip(*found)]

    def conv(self, x, inside, outside, kernel=1, stride=1, pad=0, std=1.0, mean=0.0, above=None):
        """A convolution whose output channels have this mean and deviation over the samples.

        above = (value, count): shifts all channels alike, so that count values a sample lie above the value.
        """
        weight = self.constant(self.random.normal(size=(outside, inside, kernel, kernel)), np.float32)
        bias = self.constant(np.zeros(outside), np.float32)
        name = self.op('Conv', x, weight, bias, kernel_shape=[kernel] * 2, strides=[stride] * 2, pads=[pad] * 4)
        flat = np.concatenate([v[0].reshape(outside, -1) for v in self.values(name)[0]], 1).astype(np.float64)
        gain = std / flat.std(1).clip(1e-9)
        shift = mean - flat.mean(1) * gain
        if above:
            every = np.sort((flat * gain[:, None] - (flat.mean(1) * gain)[:, None]).flatten())[::-1]
            shift = above[0] - every[min(above[1] * len(self.samples), len(every) - 1)] - flat.mean(1) * gain
        self.weights[weight] = (self.weights[weight] * gain[:, None, None, None]).astype(np.float32)
        self.weights[bias] = np.asarray(shift, np.float32) * np.ones(outside, np.float32)
        return name

    def trunk(self, x, strides):
        """Features with CHANNELS channels at strides 8, 16, …; sides round up."""
        levels = {8: self.op('Tanh', self.conv(x, 3, CHANNELS, 8, 8))}
        for stride in (16, 32, 64):
            if stride <= max(strides):
                levels[stride] = self.op('Tanh', self.conv(levels[stride // 2], CHANNELS, CHANNELS, 3, 2, 1))
        return [levels[stride] for stride in strides]

    def rows(self, x, channels):
        """[1, channels, h, w] as [1, h*w, channels]."""
        return self.op('Transpose', self.op('Reshape', x, np.array([1, channels, -1])), perm=[0, 2, 1])

    def head(self, level, channels, **spread):
        return self.rows(self.conv(level, CHANNELS, channels, **spread), channels)

    def concat(self, parts, axis):
        return self.op('Concat', *parts, axis=axis)

    def split(self, x, axis, sizes):
        return self.op('Split', x, np.array(sizes), outputs=len(sizes), axis=axis)

    def grid(self, side, stride):
        """Cells' x, y [1, n, 2] as floats."""
        return self.floats(self.constant(cells(side, stride)[None], np.uint8))

    def corners(self, centers, sides):
        half = self.op('Mul', sides, np.float32(0.5))
        return self.concat([self.op('Sub', centers, half), self.op('Add', centers, half)], -1)

    def suppressed(self, boxes, scores, iou, score, most):
        """boxes [1, N, 4], scores [1, C, N] → (boxes [n, 4], scores [n, 1], labels int64 [n]), best first."""
        picked = self.op('NonMaxSuppression', boxes, scores, np.array([most]), np.array([iou], np.float32),
                         np.array([score], np.float32))
        values = self.op('GatherND', scores, picked)
        count = self.op('Min', self.op('Shape', values), np.array([most]))
        values, order = self.op('TopK', values, count, outputs=2, axis=0)
        picked = self.op('Gather', picked, order, axis=0)
        _, labels, rows = self.split(picked, 1, [1, 1, 1])
        kept = self.op('Gather', self.op('Squeeze', boxes, np.array([0])), self.op('Squeeze', rows, np.array([1])), axis=0)
        return kept, self.op('Unsqueeze', values, np.array([1])), self.op('Squeeze', labels, np.array([1]))


def cells(side, stride):
    """x, y of each cell [n, 2], row by row. side: a number, or (height, width)."""
    height, width = (side, side) if isinstance(side, int) else side
    y, x = np.mgrid[:-(-height // stride), :-(-width // stride)]
    return np.stack([x, y], -1).reshape(-1, 2)
