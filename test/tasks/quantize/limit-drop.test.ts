import { describe, expect, test } from 'vitest';
import type { Convolution } from '../../../src/compression/quantize/convolutions.ts';
import { limitDrop } from '../../../src/tasks/quantize/limit-drop.ts';
import type { LayerChoice } from '../../../src/tasks/quantize/workbench.ts';
import { microYoloError } from '../../micro-yolo-error.ts';

/** Ten layers, of which the last do the most harm. */
const convolutions = Array.from({ length: 10 }, (_, i) => ({ output: String(i) }) as Convolution);
const damages = new Map(convolutions.map(({ output }) => [output, Number(output) + 1]));
const all = { convolutions, between: true };

/** Each layer lowers AP50 by its damage. */
const AP50 = ({ convolutions: chosen }: LayerChoice) =>
  Promise.resolve(0.5 - chosen.reduce((sum, { output }) => sum + damages.get(output)! / 1000, 0));

describe('the layers left in float', () => {
  test.for([
    [0.4, 0],
    [0.455, 1],
    [0.475, 4],
    [0.499, 9],
  ] as const)('for an AP50 of at least %d are the %d that do the most harm', async ([least, count]) => {
    const { choice, AP50: reached } = await limitDrop(all, least, damages, AP50, await AP50(all));
    expect(choice.convolutions).toEqual(convolutions.slice(0, 10 - count));
    expect(reached).toBeGreaterThanOrEqual(least);
  });

  test('are never all: the error says so', async () => {
    const { message } = await microYoloError(limitDrop(all, 0.4999, damages, AP50, await AP50(all)));
    expect(message).toMatch(/with one layer in 8 bits, expected at least 49\.99 %/);
  });
});
