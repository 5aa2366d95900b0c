/**
 * Draws what the three convolutions cost: parameters against input channels, from the papers' formulas, at
 * equal kernel size and channels. `npx tsx scripts/pictures/draw-cost-chart.ts [PICTURE]`
 */

import { saveCanvas } from '../../src/api/index.ts';
import { convWeights, dsconvWeights, mbconvWeights } from '../../src/api/networks.ts';
import { drawLineChart } from '../../src/drawing/chart.ts';

const picture = process.argv[2] ?? 'docs/images/convolution-parameters.png';
const channels = Array.from({ length: 32 }, (_, index) => 16 * (index + 1));
const squeeze = { ratio: 4, of: 'input' } as const;
const line = (name: string, color: string, weights: (channels: number) => number) => ({
  name,
  color,
  points: channels.map((x) => ({ x, y: weights(x) })),
});
const size = (inChannels: number) => ({ kernel: 3, inChannels, outChannels: inChannels });

const canvas = await drawLineChart({
  title: 'Parameters of a 3×3 convolution, as many channels out as in',
  xTitle: 'input channels',
  yTitle: 'parameters',
  logarithmic: true,
  series: [
    line('Conv: k²·Cin·Cout', '#d55e00', (x) => convWeights(size(x))),
    line('MBConv, α = 3, β = 4: α·Cin² + k²·α·Cin + α·Cin·Cout + 2·α·Cin·Cin/β', '#0072b2', (x) =>
      mbconvWeights({ ...size(x), expansion: 3, squeeze }),
    ),
    line('DSConv: k²·Cin + Cin·Cout', '#009e73', (x) => dsconvWeights(size(x))),
  ],
});
await saveCanvas(canvas, picture);
console.log(`drawn in ${picture}`);
