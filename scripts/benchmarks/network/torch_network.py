"""One of our model files as a PyTorch module, exported to ONNX with batch norms folded: the peer of network.ts.

    pip install torch onnx onnxscript numpy
    python scripts/benchmarks/network/torch_network.py MODEL.safetensors OUT.onnx
    python scripts/benchmarks/network/torch_network.py MODEL.safetensors serve DEVICE

The network is read from the file's metadata, the weights from its tensors. The input is the same as ours:
uint8 [batch, height, width, 3], scaled inside the graph.

`serve` exports nothing: it runs on cpu or cuda on request, as described in peer.ts, from bytes to numbers.
"""
import json
import struct
import sys
import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.fusion import fuse_conv_bn_eval


def read_model(path):
    with open(path, 'rb') as file:
        (length,) = struct.unpack('<Q', file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    model = json.loads(header.pop('__metadata__')['micro-yolo'])
    tensors = {}
    for name, entry in header.items():
        start, stop = entry['data_offsets']
        values = np.frombuffer(data[start:stop], np.float32).reshape(entry['shape'])
        tensors[name] = torch.from_numpy(values.copy())
    return model, tensors


ACTIVATIONS = {
    'relu': F.relu,
    'relu6': F.relu6,
    'silu': F.silu,
    'mish': F.mish,
    'sigmoid': torch.sigmoid,
    'hardSigmoid': F.hardsigmoid,
    'hardSwish': F.hardswish,
    'tanh': torch.tanh,
}


class Network(nn.Module):
    def __init__(self, model, tensors):
        super().__init__()
        self.layers = model['network']['layers']
        self.std = model['recipe']['std']
        self.mean = model['recipe']['mean']
        self.modules_by_name = nn.ModuleDict()
        norm_of = {layer['inputs'][0]: layer for layer in self.layers if layer['type'] == 'batchNorm'}
        self.folded = set()
        for layer in self.layers:
            if layer['type'] != 'conv':
                continue
            weight = tensors[layer['name'] + '.weight']
            groups = layer['groups']
            conv = nn.Conv2d(weight.shape[1] * groups, weight.shape[0], layer['kernel'], layer['stride'],
                             groups=groups, bias=layer['bias'], padding=self.symmetric(layer))
            conv.weight.data = weight
            if layer['bias']:
                conv.bias.data = tensors[layer['name'] + '.bias']
            norm = norm_of.get(layer['name'])
            if norm:
                module = nn.BatchNorm2d(weight.shape[0], eps=norm['epsilon'])
                for key in ('weight', 'bias', 'running_mean', 'running_var'):
                    getattr(module, key).data = tensors[f"{norm['name']}.{key}"]
                conv = fuse_conv_bn_eval(conv.eval(), module.eval())
                self.folded.add(norm['name'])
            self.modules_by_name[layer['name'].replace('.', '/')] = conv

    @staticmethod
    def symmetric(layer):
        top, left, bottom, right = layer['padding']
        assert top == bottom == left == right, f'{layer["name"]}: asymmetric padding'
        return top

    def forward(self, image):
        x = (image.permute(0, 3, 1, 2).float() - self.mean) / self.std if self.mean else \
            image.permute(0, 3, 1, 2).float() / self.std
        values, outputs = {'input': x}, []
        for layer in self.layers:
            inputs = [values[name] for name in layer['inputs']]
            x, kind = inputs[0], layer['type']
            if kind == 'conv':
                x = self.modules_by_name[layer['name'].replace('.', '/')](x)
            elif kind == 'activation':
                leaky = layer['function'] == 'leakyRelu'
                x = F.leaky_relu(x, layer['slope']) if leaky else ACTIVATIONS[layer['function']](x)
            elif kind == 'maxPool':
                top, left, bottom, right = layer['padding']
                if top == bottom == left == right:
                    x = F.max_pool2d(x, layer['kernel'], layer['stride'], top)
                else:
                    x = F.max_pool2d(F.pad(x, (left, right, top, bottom), value=float('-inf')), layer['kernel'], layer['stride'])
            elif kind == 'globalAvgPool':
                x = F.adaptive_avg_pool2d(x, 1)
            elif kind == 'upsample':
                x = F.interpolate(x, scale_factor=layer['factor'], mode='nearest')
            elif kind == 'concat':
                x = torch.cat(inputs, 1)
            elif kind == 'add':
                x = inputs[0] + inputs[1]
            elif kind == 'multiply':
                x = inputs[0] * inputs[1]
            elif kind in ('yolo', 'region'):
                outputs.append(x)
            elif kind == 'batchNorm':
                assert layer['name'] in self.folded
            else:
                raise SystemExit(f'{layer["name"]}: {kind} is not known to this peer')
            values[layer['name']] = x
        return tuple(outputs)


def serve(network, image, device):
    torch.backends.cudnn.allow_tf32 = False
    network.to(device, memory_format=torch.channels_last)

    def run():
        start = time.perf_counter()
        with torch.inference_mode():
            for output in network(image.to(device)):
                output.cpu()
        return 1000 * (time.perf_counter() - start)

    run()
    print(json.dumps({'ready': True}), flush=True)
    for line in sys.stdin:
        print(json.dumps({'ms': [run() for _ in range(int(line.split()[1]))]}), flush=True)


def main():
    source, target, *device = sys.argv[1:]
    model, tensors = read_model(source)
    network = Network(model, tensors).eval()
    _, height, width = model['network']['input']
    image = torch.zeros(1, height, width, 3, dtype=torch.uint8)
    if target == 'serve':
        serve(network, image, device[0])
        return
    names = ['output_' + layer['name'] for layer in model['network']['layers'] if layer['type'] in ('yolo', 'region')]
    torch.onnx.export(network, (image,), target, input_names=['image'], output_names=names,
                      dynamic_axes={'image': {0: 'batch'}}, opset_version=17, dynamo=False)


main()
