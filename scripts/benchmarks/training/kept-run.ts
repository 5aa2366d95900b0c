import { existsSync, readdirSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { MicroYoloError, trainDetector } from '../../../src/api/index.ts';
import { readCheckpoint, trainingSettings } from '../../../src/api/training.ts';
import { outcomeSettings } from '../../../src/training/run/outcome.ts';

type GivenSettings = NonNullable<NonNullable<Parameters<typeof trainDetector>[0]>['settings']>;

const RUNS = 'runs';
const hasCheckpoint = (folder: string) => existsSync(join(folder, 'checkpoint.safetensors'));

/** The run of a name, or what a killed first part left of it, which does not have the name yet. */
function begunRun(name: string): string | undefined {
  const parts = existsSync(RUNS) ? readdirSync(RUNS).filter((run) => run.startsWith(`${name}-new-`)) : [];
  return [...parts.toSorted(), name].map((run) => join(RUNS, run)).findLast(hasCheckpoint);
}

/** Whether the run has finished. */
async function isWhole(folder: string, settings: GivenSettings): Promise<boolean> {
  const { run } = await readCheckpoint(folder);
  const asked = await trainingSettings({ settings });
  // Settings written by an earlier version can lack fields that then had defaults.
  const began = await trainingSettings({ settings: JSON.parse(run.settings) as GivenSettings });
  if (outcomeSettings(asked) !== outcomeSettings(began)) {
    const problem = `${folder}: was made by other settings than are asked for`;
    throw new MicroYoloError('invalid-argument', `${problem}; remove it or give it another name`);
  }
  const { epochs, maxMinutes } = asked;
  return maxMinutes === null ? run.history.length >= epochs : run.seconds >= 60 * maxMinutes;
}

/**
 * Trains or resumes until the run of a name is complete. A complete one is reused.
 * @returns its folder, runs/NAME
 * @throws MicroYoloError if it is interrupted (restart to resume), or if the existing run has other settings
 */
export async function keptRun(name: string, given: GivenSettings, signal: AbortSignal): Promise<string> {
  const folder = join(RUNS, name);
  const begun = begunRun(name);
  const settings = { ...given, runs: RUNS, name: `${name}-new` };
  if (begun === undefined || !(await isWhole(begun, settings))) {
    const report = await trainDetector(begun === undefined ? { settings } : { resume: begun, settings }, {
      signal,
      onEvent: (event) => {
        if (event.type !== 'epoch') return;
        const { epoch, loss, AP50, top1 } = event.row;
        const [metric, score] = AP50 === undefined ? ['top-1', top1] : ['AP50', AP50];
        const scored = score === undefined ? '' : `, ${metric} ${score.toFixed(3)}`;
        console.log(`${name}: epoch ${epoch}, loss ${loss!.toFixed(3)}${scored}`);
      },
    });
    if (report.folder !== folder) await rename(report.folder, folder);
    if (report.reason === 'interrupted') {
      throw new MicroYoloError('unsupported', `interrupted; run again to go on with ${folder}`);
    }
  } else if (begun !== folder) await rename(begun, folder);
  return folder;
}
