import { basename, extname, join } from 'node:path';
import type { OptimizeLine } from '../../compression/optimize/lines.ts';
import { writeWholeFile } from '../../foundation/files/write.ts';
import type { FeatureShape } from '../../network/layers.ts';
import { renderModelComparison } from '../../reports/comparison/models.ts';

/** Page of all files, in the output folder. */
const PAGE = 'index.html';

export interface PageSubject {
  /** Data that AP was measured on. */
  readonly data: string;
  /** Input shape of the networks: [channels, height, width]. */
  readonly input: FeatureShape;
}

/**
 * Writes a comparison page, as `compare` does, for the original model and all files.
 * @param best the chosen file
 */
export async function writePage(
  out: string,
  lines: readonly OptimizeLine[],
  best: string,
  { data, input: [, height, width] }: PageSubject,
): Promise<void> {
  const models = lines.flatMap((line) => {
    if (line.type !== 'start' && line.type !== 'file') return [];
    const file = line.type === 'start' ? 'start' : basename(line.model, extname(line.model));
    const isBest = line.type === 'file' && line.model === best;
    const { AP, ms, macs, parameters, bytes } = line;
    return [
      {
        ...{ name: isBest ? `${file} (best)` : file, AP, accuracy: data, input: { width, height } },
        ...{ milliseconds: ms, macs, parameters, bytes },
      },
    ];
  });
  await writeWholeFile(join(out, PAGE), renderModelComparison(models));
}
