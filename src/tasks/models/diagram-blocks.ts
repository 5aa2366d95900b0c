import type { DiagramBlock } from '../../drawing/diagram.ts';
import { counted } from '../../foundation/counted.ts';
import type { LayerCost } from '../../network/cost.ts';
import { kernelSides, type Layer } from '../../network/layers.ts';

function title(layer: Layer, inChannels: number | undefined): string {
  switch (layer.type) {
    case 'conv': {
      const kind =
        layer.groups > 1
          ? layer.groups === inChannels
            ? 'depthwise'
            : counted(layer.groups, 'group')
          : 'conv';
      return `${kind} ${kernelSides(layer.kernel).join('×')}${layer.stride > 1 ? ` /${layer.stride}` : ''}`;
    }
    case 'maxPool':
    case 'avgPool':
      return `${layer.type === 'maxPool' ? 'max' : 'average'} pool ${layer.kernel}×${layer.kernel}${layer.stride > 1 ? ` /${layer.stride}` : ''}`;
    case 'globalAvgPool':
      return 'global average';
    case 'upsample':
      return `upsample ×${layer.factor}`;
    case 'activation':
      return layer.function;
    case 'yolo':
    case 'region':
      return `${layer.type}: ${layer.anchors.length} anchors`;
    case 'classes':
      return counted(layer.classes, 'class', 'classes');
    default:
      return layer.type;
  }
}

function kind(layer: Layer): DiagramBlock['kind'] {
  switch (layer.type) {
    case 'conv':
    case 'dense':
      return layer.type === 'conv' && layer.groups > 1 ? 'depthwise' : 'convolution';
    case 'yolo':
    case 'region':
    case 'classes':
      return 'output';
    case 'maxPool':
    case 'avgPool':
    case 'globalAvgPool':
    case 'upsample':
      return 'resample';
    default:
      return 'join';
  }
}

/** Blocks of a network's diagram. Norms, dropout and activations are merged into the layer that they follow. */
export function diagramBlocks(layers: readonly LayerCost[]): readonly DiagramBlock[] {
  const owner = new Map<string, string>();
  const channels = new Map(layers.map(({ layer, shape }) => [layer.name, shape[0]]));
  const blocks = new Map<string, DiagramBlock>();
  for (const { layer, shape, parameters } of layers) {
    const follows = owner.get(layer.inputs[0]!);
    const host = follows === undefined ? undefined : blocks.get(follows);
    if (host && (layer.type === 'batchNorm' || layer.type === 'activation' || layer.type === 'dropout')) {
      owner.set(layer.name, host.name);
      const suffix = layer.type === 'activation' ? ` ${layer.function}` : '';
      blocks.set(host.name, {
        ...host,
        title: host.title + suffix,
        parameters: host.parameters + parameters.total,
      });
      continue;
    }
    owner.set(layer.name, layer.name);
    const inputs = layer.inputs.flatMap((name) => owner.get(name) ?? []);
    const inChannels = channels.get(layer.inputs[0]!);
    const block = { name: layer.name, title: title(layer, inChannels), kind: kind(layer), inputs };
    blocks.set(layer.name, { ...block, shape: shape.join('×'), parameters: parameters.total });
  }
  return [...blocks.values()];
}
