import { describe, expect, it } from 'vitest';
import { elementCount } from '../../../../src/foundation/element-count.ts';
import { readDarknetNetwork } from '../../../../src/models/formats/darknet/network.ts';
import type { Layer } from '../../../../src/network/layers.ts';
import { networkParameters } from '../../../../src/network/parameters.ts';
import { inferShapes } from '../../../../src/network/shapes.ts';
import { fixtureNetwork } from './goldens.ts';

const NET = '[net]\nwidth=16\nheight=8\nchannels=4\n';
const CONV = '[convolutional]\nfilters=4\nactivation=linear\n';
const conv = (filters: number) => `[convolutional]\nfilters=${filters}\nactivation=linear\n`;

const read = (sections: string) => readDarknetNetwork(`${NET}${sections}`, 'folder/a.cfg');
const layers = (sections: string): readonly Layer[] => read(sections).network.layers;

const thrown = (text: string) => {
  try {
    readDarknetNetwork(text, 'a.cfg');
  } catch (error) {
    return error;
  }
  return undefined;
};

describe('readDarknetNetwork', () => {
  it("names the network after the file and takes the input's shape", () => {
    const { name, input } = read(CONV).network;
    expect({ name, input }).toEqual({ name: 'a', input: [4, 8, 16] });
  });

  it('names layers by their index after [net]', () => {
    const text = `${CONV}[convolutional]\nbatch_normalize=1\nfilters=4\nactivation=leaky\n[upsample]\n`;
    expect(layers(text).map(({ name }) => name)).toEqual(['0.conv', '1.conv', '1.norm', '1.act', '2']);
  });

  it.each([
    ['pad=1', 3, 1],
    ['pad=1', 4, 2],
    ['pad=1', 1, 0],
    ['padding=2', 3, 2],
    ['pad=0\npadding=1', 5, 1],
    ['pad=1\npadding=7', 3, 1],
    ['', 3, 0],
  ])('pads a convolution with %j, size %i, by %i on each side', (keys, size, padding) => {
    const [layer] = layers(`[convolutional]\nfilters=4\nsize=${size}\n${keys}\nactivation=linear\n`);
    expect(layer).toMatchObject({ padding: [padding, padding, padding, padding] });
  });

  it.each([
    ['size=2\nstride=2', [0, 0, 1, 1]],
    ['size=2\nstride=1', [0, 0, 1, 1]],
    ['stride=2', [0, 0, 1, 1]],
    ['size=3\nstride=1', [1, 1, 1, 1]],
    ['size=5\nstride=1', [2, 2, 2, 2]],
    ['size=2\nstride=2\npadding=0', [0, 0, 0, 0]],
  ])('pads a pool of %j by %j', (keys, padding) => {
    expect(layers(`[maxpool]\n${keys}\n`)[0]).toMatchObject({ padding });
  });

  it.each([
    ['relu', { function: 'relu' }],
    ['relu6', { function: 'relu6' }],
    ['leaky', { function: 'leakyRelu', slope: 0.1 }],
    ['relie', { function: 'leakyRelu', slope: 0.01 }],
    ['logistic', { function: 'sigmoid' }],
    ['swish', { function: 'silu' }],
    ['mish', { function: 'mish' }],
    ['tanh', { function: 'tanh' }],
    ['hardtan', { function: 'hardTanh' }],
    ['elu', { function: 'elu' }],
    ['selu', { function: 'selu' }],
    ['gelu', { function: 'gelu' }],
  ])('reads activation=%s', (activation, expected) => {
    const [, layer] = layers(`[convolutional]\nfilters=4\nactivation=${activation}\n`);
    expect(layer).toMatchObject({ type: 'activation', ...expected });
  });

  it("uses Darknet's logistic for a convolution without an activation", () => {
    expect(layers('[convolutional]\nfilters=4\n')[1]).toMatchObject({ function: 'sigmoid' });
  });

  it.each([
    ['conv', 'convolutional', 'filters=4\nactivation=linear'],
    ['max', 'maxpool', 'size=2'],
    ['avg', 'avgpool', ''],
    ['soft', 'softmax', ''],
  ])("reads Darknet's short name [%s]", (short, long, keys) => {
    expect(layers(`[${short}]\n${keys}\n`)).toEqual(layers(`[${long}]\n${keys}\n`));
  });

  it('reads [network] as [net]', () => {
    const { network } = readDarknetNetwork(`[network]\nwidth=16\nheight=8\n${CONV}`, 'a.cfg');
    expect(network.input).toEqual([3, 8, 16]);
  });

  it('takes a group of channels from each routed layer', () => {
    const parts = layers(`${conv(4)}${conv(6)}[route]\nlayers=-1,-2\ngroups=2\ngroup_id=1\n`).slice(2);
    expect(parts).toEqual([
      { type: 'slice', name: '2.part0', inputs: ['1.conv'], start: 3, end: 6 },
      { type: 'slice', name: '2.part1', inputs: ['0.conv'], start: 2, end: 4 },
      { type: 'concat', name: '2', inputs: ['2.part0', '2.part1'] },
    ]);
  });

  it('adds every layer of a shortcut', () => {
    const added = layers(`${CONV}${CONV}${CONV}[shortcut]\nfrom=-2,-3\n`).filter(
      ({ type }) => type === 'add',
    );
    expect(added.map(({ inputs }) => inputs)).toEqual([
      ['2.conv', '1.conv'],
      ['3.add0', '0.conv'],
    ]);
  });

  it.each([
    [4, 6],
    [6, 4],
    [4, 4],
  ])('keeps the channels of the first layer in a shortcut: of %i and %i the second', (from, channels) => {
    const { network } = read(`${conv(from)}${conv(channels)}[shortcut]\nfrom=-2\n${CONV}`);
    const before = network.layers.at(-1)!.inputs[0]!;
    expect(inferShapes(network).get(before)).toEqual([channels, 8, 16]);
  });

  it('takes only the anchors of the mask', () => {
    const text = `${conv(7)}[yolo]\nmask=1\nanchors=1,2, 3,4, 5,6\nnum=3\nclasses=2\n`;
    expect(layers(text).at(-1)).toMatchObject({ anchors: [[3, 4]] });
  });

  it('takes all anchors without a mask', () => {
    const text = `${conv(14)}[yolo]\nanchors=1,2, 3,4\nnum=2\nclasses=2\n`;
    expect(layers(text).at(-1)).toMatchObject({
      anchors: [
        [1, 2],
        [3, 4],
      ],
      scaleXY: 1,
    });
  });

  it.each([
    ['', false],
    ['letter_box=0\n', false],
    ['letter_box=1\n', true],
  ])('with %j in [net] letterboxes: %s', (key, letterbox) => {
    expect(readDarknetNetwork(`${NET}${key}${CONV}`, 'a.cfg').letterbox).toBe(letterbox);
  });

  it('reads YOLOv3-tiny with its 8,858,734 parameters', () => {
    const parameters = networkParameters(fixtureNetwork('yolov3-tiny').network);
    expect(parameters.reduce((sum, { shape }) => sum + elementCount(shape), 0)).toBe(8_858_734);
  });
});

describe('warnings', () => {
  it('name the file, the line, the section and the unknown key', () => {
    expect(read(`${CONV}mystery=1\n`).warnings).toEqual([
      'folder/a.cfg:5: [convolutional] mystery is unknown, and ignored',
    ]);
  });

  it('are not given for training keys', () => {
    const text = `[net]\nbatch=64\nlearning_rate=0.001\nsteps=1,2\n${CONV}stopbackward=1\n`;
    expect(readDarknetNetwork(text, 'a.cfg').warnings).toEqual([]);
  });

  it.each([
    'convolutions',
    'pools',
    'routes',
    'shortcuts',
    'squeeze-excite',
    'region',
    'classifier',
    'yolov3-tiny',
  ])('are not given for %s.cfg', (name) => {
    expect(fixtureNetwork(name).warnings).toEqual([]);
  });
});

describe('errors', () => {
  it('of an unknown section name the file, the line, the section and what is supported', () => {
    expect(thrown(`${NET}${CONV}\n[lstm]\noutput=3\n`)).toMatchObject({
      code: 'unsupported',
      message:
        'a.cfg:9: section [lstm] is not supported; supported sections are net, convolutional, maxpool, local_avgpool, upsample, route, shortcut, yolo, region, avgpool, dropout, scale_channels, sam, softmax, cost',
    });
  });

  it.each([
    ['a file without [net]', CONV, 'a.cfg:1: begins with [convolutional], expected [net]'],
    ['a size that is not a number', '[net]\nwidth=wide\n', 'a.cfg:1: [net] width=wide, expected a number'],
    ['an empty size', '[net]\nwidth=\n', 'a.cfg:1: [net] width=, expected a number'],
    ['a size of 0', '[net]\nwidth=0\n', 'a.cfg:1: [net] width=0, expected a whole number of at least 1'],
    ['half a pixel', '[net]\nwidth=1.5\n', 'a.cfg:1: [net] width=1.5, expected a whole number of at least 1'],
  ])('of [net]: %s', (_what, text, message) => {
    expect(thrown(text)).toMatchObject({ code: 'invalid-file', message });
  });

  it.each([
    ['[convolutional]\nfilters=many\n', '[convolutional] filters=many, expected a number'],
    ['[convolutional]\nfilters=0\n', '[convolutional] filters=0, expected a whole number of at least 1'],
    [
      '[convolutional]\nfilters=4\nactivation=lhtan\n',
      '[convolutional] activation=lhtan is not supported; supported are linear, relu, relu6, leaky, relie, logistic, swish, mish, tanh, hardtan, elu, selu, gelu',
    ],
    [
      '[convolutional]\nfilters=4\nactivation=constructor\n',
      '[convolutional] activation=constructor is not supported; supported are linear, relu, relu6, leaky, relie, logistic, swish, mish, tanh, hardtan, elu, selu, gelu',
    ],
    [
      '[convolutional]\nfilters=4\ndilation=2\n',
      '[convolutional] dilation=2 is not supported, only dilation=1',
    ],
    [
      '[convolutional]\nfilters=4\nstride=2\nstride_x=1\n',
      '[convolutional] stride_x=1 is not supported, only stride_x=2',
    ],
    [
      '[convolutional]\nfilters=4\ngroups=3\n',
      '[convolutional] layer 0.conv (conv): 4 → 4 channels, expected multiples of groups 3',
    ],
    [
      '[convolutional]\nfilters=4\nsize=9\nactivation=linear\n',
      '[convolutional] layer 0.conv (conv): a 8×16 map is smaller than its kernel 9; use a larger input size',
    ],
    ['[maxpool]\nmaxpool_depth=1\n', '[maxpool] maxpool_depth=1 is not supported, only maxpool_depth=0'],
    ['[upsample]\nscale=2\n', '[upsample] scale=2 is not supported, only scale=1'],
    ['[route]\n', '[route] has no layers=, expected the layers to join'],
    ['[route]\nlayers=first\n', '[route] layers=first, expected numbers'],
    ['[route]\nlayers=-1\n', '[route] refers to layer -1, but only 0 come before it'],
    ['[shortcut]\nactivation=linear\n', '[shortcut] has no from=, expected the layer to add'],
    ['[shortcut]\nfrom=3\n', '[shortcut] refers to layer 3, but only 0 come before it'],
    [
      '[shortcut]\nfrom=0\nweights_type=per_feature\n',
      '[shortcut] weights_type=per_feature is not supported; only unweighted shortcuts are',
    ],
    ['[scale_channels]\n', '[scale_channels] has no from=, expected the layer to scale'],
    ['[yolo]\nanchors=1,2,3\n', '[yolo] anchors= has 3 numbers, expected pairs of width and height'],
    ['[yolo]\nanchors=1,2\nnum=3\n', '[yolo] num=3, but anchors= has 1 pairs'],
    ['[yolo]\nanchors=1,2, 3,4\nmask=1,2\nnum=2\n', '[yolo] mask 2, but anchors= has 2 pairs'],
    ['[yolo]\nanchors=1,2, 3,4\nmask=-1\nnum=2\n', '[yolo] mask -1, but anchors= has 2 pairs'],
    ['[yolo]\nanchors=1,2\nnum=1\nnew_coords=1\n', '[yolo] new_coords=1 is not supported, only new_coords=0'],
    [
      '[yolo]\nanchors=1,2, 3,4\nnum=2\nclasses=3\n',
      '[yolo] layer 0 (yolo): 4 channels, expected anchors × (5 + classes) = 2 × 8 = 16',
    ],
    ['[region]\nanchors=1,2\nnum=1\ncoords=5\n', '[region] coords=5 is not supported, only coords=4'],
    [
      '[region]\nanchors=1,2\nnum=1\nbackground=1\n',
      '[region] background=1 is not supported, only background=0',
    ],
    [
      '[region]\nanchors=1,2\nnum=1\ntree=9k.tree\n',
      '[region] tree= is not supported, only classes without a hierarchy are',
    ],
    ['[softmax]\ngroups=2\n', '[softmax] groups=2 is not supported, only groups=1'],
  ])('in %j name the line and the remedy', (text, message) => {
    expect(thrown(`${NET}${text}`)).toMatchObject({ code: 'invalid-file', message: `a.cfg:5: ${message}` });
  });

  it.each([
    ['groups=2', '[route] groups=2, but layer -1 has 5 channels, expected a multiple'],
    ['groups=5\ngroup_id=5', '[route] group_id=5, expected less than groups=5'],
  ])('in a route of 5 channels with %j name the line and the remedy', (keys, message) => {
    const text = `${NET}${conv(5)}[route]\nlayers=-1\n${keys}\n`;
    expect(thrown(text)).toMatchObject({ code: 'invalid-file', message: `a.cfg:8: ${message}` });
  });

  it('for maps that cannot be joined name the layer and both sizes', () => {
    const text = `${NET}${CONV}[maxpool]\nsize=2\nstride=2\n[route]\nlayers=-1,-2\n`;
    expect(thrown(text)).toMatchObject({
      code: 'invalid-file',
      message: 'a.cfg:11: [route] layer 2 (concat): joins maps of 4×8 and 8×16, expected equal sizes',
    });
  });
});
