import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { MicroYoloError, readCheckpoint, trainDetector } from '../../../src/index.ts';

type GivenSettings = NonNullable<NonNullable<Parameters<typeof trainDetector>[0]>['settings']>;

const RUNS = 'runs';

/**
 * Trains, or goes on, until the run of a name is whole; one that is there already is not made again.
 * @returns its folder, runs/NAME
 * @throws MicroYoloError where it is interrupted: started again it goes on
 */
export async function keptRun(
  name: string,
  settings: GivenSettings & { readonly epochs?: number; readonly maxMinutes?: number },
  signal: AbortSignal,
): Promise<string> {
  const folder = join(RUNS, name);
  const begun = existsSync(join(folder, 'checkpoint.safetensors'));
  if (begun) {
    const { run } = await readCheckpoint(folder);
    const { epochs = Infinity, maxMinutes = Infinity } = settings;
    if (run.history.length >= epochs || run.seconds >= 60 * maxMinutes) return folder;
  }
  const report = await trainDetector(
    begun
      ? { resume: folder, signal }
      : { settings: { ...settings, runs: RUNS, name: `${name}-new` }, signal },
    (event) => {
      if (event.type !== 'epoch') return;
      const { epoch, loss, AP50, top1 } = event.row;
      const score =
        AP50 === undefined
          ? top1 === undefined
            ? ''
            : `, top-1 ${top1.toFixed(3)}`
          : `, AP50 ${AP50.toFixed(3)}`;
      console.log(`${name}: epoch ${epoch}, loss ${loss!.toFixed(3)}${score}`);
    },
  );
  if (!begun) await rename(report.folder, folder);
  if (report.reason !== 'interrupted') return folder;
  throw new MicroYoloError('unsupported', `interrupted; run again to go on with ${folder}`);
}
