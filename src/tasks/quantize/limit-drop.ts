import type { Convolution } from '../../compression/quantize/convolutions.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import type { LayerChoice } from './workbench.ts';

/**
 * Leaves as few layers as possible in float so that AP50 stays within a limit. The most harmful layers come first.
 * @param least AP50 to reach, 0–1
 * @param damages damage of each layer alone, by its output
 * @param evaluate measures AP50 of a choice, 0–1
 * @param reached AP50 of the given choice, 0–1
 * @throws MicroYoloError `unsupported` if AP50 is too low even with one layer in 8 bits
 */
export async function limitDrop(
  { convolutions, between }: LayerChoice,
  least: number,
  damages: ReadonlyMap<string, number>,
  evaluate: (choice: LayerChoice) => Promise<number>,
  reached: number,
): Promise<{ readonly choice: LayerChoice; readonly AP50: number }> {
  const harm = ({ output }: Convolution) => damages.get(output) ?? 0;
  const worstFirst = convolutions.toSorted((a, b) => harm(b) - harm(a));
  const without = (count: number): LayerChoice => {
    const left = new Set(worstFirst.slice(0, count));
    return { convolutions: convolutions.filter((convolution) => !left.has(convolution)), between };
  };
  if (reached >= least) return { choice: without(0), AP50: reached };
  const most = convolutions.length - 1;
  let [failing, count] = [0, 1];
  let found: { readonly choice: LayerChoice; readonly AP50: number } | undefined;
  while (!found) {
    const choice = without(count);
    const AP50 = await evaluate(choice);
    if (AP50 >= least) found = { choice, AP50 };
    else if (count === most || most === 0) {
      throw new MicroYoloError(
        'unsupported',
        `AP50 is ${(100 * AP50).toFixed(2)} % with one layer in 8 bits, expected at least ${(100 * least).toFixed(2)} %; allow a larger \`maxDrop\`, or try another \`calibration\``,
      );
    } else {
      failing = count;
      count = Math.min(most, 2 * count);
    }
  }
  while (count - failing > 1) {
    const middle = (count + failing) >> 1;
    const choice = without(middle);
    const AP50 = await evaluate(choice);
    if (AP50 >= least) {
      found = { choice, AP50 };
      count = middle;
    } else failing = middle;
  }
  return found;
}
