/**
 * ShuffleNetV2's four guidelines (https://arxiv.org/abs/1807.11164) measured on ONNX Runtime: stacks of blocks with
 * the same multiply-accumulates that differ only in the subject of a guideline, timed alternately. All channel counts
 * are multiples of 16, the block of ONNX Runtime's layout, because others cost more regardless of the guideline.
 * `npx tsx scripts/benchmarks/network/guidelines.ts [ROUNDS] [--save]`
 */
import { convBlock } from '../../../src/network/blocks/conv-block.ts';
import { NetworkBuilder } from '../../../src/network/builder.ts';
import { networkCost } from '../../../src/network/cost.ts';
import type { Network } from '../../../src/network/layers.ts';
import { numbers } from '../../numbers.ts';
import { alternate, median, medianRatio } from '../alternate.ts';
import { saveResults } from '../results.ts';
import { networkContender } from '../untrained.ts';

/** Side of the maps, and blocks per stack, as in the paper. */
const SIDE = 56;
const BLOCKS = 10;

/** A stack of blocks on `channels` maps, with a cheap stem and end. */
function stack(
  name: string,
  channels: number,
  block: (builder: NetworkBuilder, name: string, input: string) => string,
): Network {
  const builder = new NetworkBuilder([3, SIDE, SIDE]);
  let last = convBlock(builder, 'stem', 'input', { outChannels: channels, kernel: 1, activation: 'relu' });
  for (let index = 0; index < BLOCKS; index++) last = block(builder, `block${index}`, last);
  const pooled = builder.globalAvgPool('pool', last);
  builder.classes('classes', pooled, { classes: builder.channels(last), softmax: false });
  return builder.build(name);
}

/** Two 1×1 convolutions, from c1 to c2 channels and back, with c1·c2 constant; the ratio is a square. */
function widths(ratio: number): Network {
  const [narrow, wide] = [128 / Math.sqrt(ratio), 128 * Math.sqrt(ratio)];
  return stack(`1 : ${ratio}`, narrow, (builder, name, input) => {
    const out = convBlock(builder, `${name}.out`, input, {
      outChannels: wide,
      kernel: 1,
      activation: 'relu',
    });
    return convBlock(builder, `${name}.back`, out, { outChannels: narrow, kernel: 1, activation: 'relu' });
  });
}

/** A grouped 1×1 convolution on more channels, so that the multiply-accumulates stay the same; the count is a square. */
function groups(count: number): Network {
  const channels = 128 * Math.sqrt(count);
  return stack(count === 1 ? 'one group' : `${count} groups`, channels, (builder, name, input) =>
    convBlock(builder, name, input, { outChannels: channels, kernel: 1, groups: count, activation: 'relu' }),
  );
}

/** 1×1 convolutions in series or in parallel, together as expensive as one. */
function fragments(count: number, form: 'series' | 'parallel'): Network {
  const channels = 128;
  const name = count === 1 ? '1 fragment' : `${count} in ${form}`;
  if (form === 'series') {
    const narrow = channels / Math.sqrt(count);
    return stack(name, narrow, (builder, block, input) => {
      let last = input;
      for (let index = 0; index < count; index++) {
        const part = { outChannels: narrow, kernel: 1, activation: 'relu' } as const;
        last = convBlock(builder, `${block}.${index}`, last, part);
      }
      return last;
    });
  }
  return stack(name, channels, (builder, block, input) => {
    const part = { outChannels: channels / count, kernel: 1, activation: 'relu' } as const;
    const parts = Array.from({ length: count }, (_, index) =>
      convBlock(builder, `${block}.${index}`, input, part),
    );
    return builder.concat(`${block}.join`, parts);
  });
}

/** ResNet's bottleneck with and without its element-wise operations. */
function elementwise(relu: boolean, shortcut: boolean): Network {
  const parts = [...(relu ? ['ReLU'] : []), ...(shortcut ? ['shortcut'] : [])];
  const activation = relu ? 'relu' : undefined;
  return stack(parts.join(' and ') || 'neither', 256, (builder, name, input) => {
    const reduced = convBlock(builder, `${name}.reduce`, input, { outChannels: 64, kernel: 1, activation });
    const spatial = convBlock(builder, `${name}.spatial`, reduced, {
      outChannels: 64,
      kernel: 3,
      activation,
    });
    const wide = convBlock(builder, `${name}.expand`, spatial, { outChannels: 256, kernel: 1 });
    const sum = shortcut ? builder.sum(`${name}.sum`, [input, wide]) : wide;
    return relu ? builder.activation(`${name}.act`, sum, 'relu') : sum;
  });
}

/** The first of each is what the guideline recommends. */
const experiments: Readonly<Record<string, readonly Network[]>> = {
  'equal widths': [1, 4, 16].map(widths),
  'few groups': [1, 4, 16].map(groups),
  'little fragmentation': [
    fragments(1, 'series'),
    fragments(4, 'series'),
    fragments(2, 'parallel'),
    fragments(4, 'parallel'),
  ],
  'few element-wise operations': [
    elementwise(false, false),
    elementwise(true, false),
    elementwise(false, true),
    elementwise(true, true),
  ],
};

const [rounds] = numbers(40);
const results = [];
for (const [guideline, networks] of Object.entries(experiments)) {
  const timings = await alternate(await Promise.all(networks.map(networkContender)), rounds);
  console.log(`\n${guideline.padEnd(28)}        MACs  memory access        ms     of the first`);
  const [first] = networks;
  for (const network of networks) {
    const { macs, memoryAccess } = networkCost(network);
    const [ms, ratio] = [median(timings.get(network.name)!), medianRatio(timings, network.name, first!.name)];
    results.push({ guideline, name: network.name, macs, memoryAccess, ms, ratio });
    const numbers = [
      (macs / 1e6).toFixed(1),
      (memoryAccess / 1e6).toFixed(1),
      ms.toFixed(3),
      ratio.toFixed(2),
    ];
    console.log(
      `${network.name.padEnd(28)}${numbers.map((text, index) => text.padStart([12, 15, 10, 17][index]!)).join('')}`,
    );
  }
}
saveResults('guidelines', { results });
process.exit(0);
