/**
 * Reads mutated ONNX files one after another and detects with those that load. Prints one line with the outcome per file.
 * Argument: JSON of { from, to, folder, models, picture }.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadDetector } from '../../../src/detection/detector.ts';
import { MicroYoloError } from '../../../src/foundation/errors/errors.ts';
import { uniformRandom } from '../../../src/foundation/random.ts';
import { mutated } from './mutate.ts';

interface Work {
  readonly from: number;
  readonly to: number;
  readonly folder: string;
  readonly models: readonly string[];
  readonly picture: string;
}

async function attempt(path: string, picture: string): Promise<string> {
  try {
    await using detector = await loadDetector(path, { threads: 1 });
    const found = await detector.detect(picture, { scoreThreshold: 0.3 });
    const isWhole = found.every(
      ({ label, score, box }) => typeof label === 'string' && score > 0 && box.every(Number.isFinite),
    );
    return isWhole ? 'works' : `odd detections ${JSON.stringify(found.slice(0, 3))}`;
  } catch (error) {
    if (error instanceof MicroYoloError)
      return error.message.includes('\n') ? `lines: ${error.message}` : 'refused';
    return `raw error ${error instanceof Error ? error.stack : error}`;
  }
}

const { from, to, folder, models, picture } = JSON.parse(process.argv[2]!) as Work;
const sources = models.map((model) => readFileSync(model));
for (let index = from; index < to; index++) {
  const path = join(folder, 'mutated.onnx');
  writeFileSync(path, mutated(sources[index % sources.length]!, uniformRandom(1000 + index)));
  process.stdout.write(`${index} `);
  process.stdout.write(`${JSON.stringify(await attempt(path, picture))}\n`);
}
