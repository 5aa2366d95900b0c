import { type Size, squareSize } from '../../../boxes/formats.ts';
import { MicroYoloError } from '../../../foundation/errors/errors.ts';
import { option } from '../../../foundation/errors/named-options.ts';
import type { Network } from '../../../network/layers.ts';
import { withInputSize } from '../../../network/shapes.ts';
import type { TrainingSettings } from '../../../training/run/settings.ts';
import { type Hint, hintsOf } from '../../../training/teacher/hints.ts';
import { teacherGrids } from '../../../training/teacher/targets.ts';
import type { Teacher } from '../../../training/teacher/teacher.ts';
import type { Student } from './graph-maps.ts';

/** Input sizes of a run, in pixels. */
function runSizes({ input: [, height, width] }: Network, { multiScale }: TrainingSettings): readonly Size[] {
  return [{ width, height }, ...(multiScale?.sizes ?? []).map(squareSize)];
}

/** A run's network, if it learns from its teacher's feature maps. */
export function hintedStudent(network: Network, settings: TrainingSettings): Student | undefined {
  return settings.loss.gains.hint > 0 ? { network, sizes: runSizes(network, settings) } : undefined;
}

const layersOf = (hints: readonly Hint[]) => hints.map(({ layer }) => layer).join(', ');

/**
 * Checks that a teacher's feature maps can be hints for a network at all input sizes of a run.
 * @throws MicroYoloError if there is no teacher, or its maps do not fit
 */
export function checkHints(
  teacher: Teacher | undefined,
  network: Network,
  settings: TrainingSettings,
  onNote: (message: string) => void = () => {},
): void {
  const { loss, hints: named, teacher: path } = settings;
  const fail = (setting: string, expected: string): never => {
    throw new MicroYoloError('invalid-argument', `${setting}: expected ${expected}`);
  };
  const isHinted = loss.gains.hint > 0;
  if (!isHinted && Object.keys(named).length > 0) fail('hints', 'a gain `loss.gains.hint` above 0 too');
  if (!isHinted) return;
  const { maps, network: known } = teacher ?? {};
  if (!maps) return fail('loss.gains.hint', `a teacher too; set one with ${option('teacher')}, or use 0`);
  const [first, ...others] = runSizes(network, settings).map((size) => ({
    size,
    hints: hintsOf(
      withInputSize(network, size.width, size.height),
      maps(size),
      named,
      loss.hintForm === 'copied',
    ),
  }));
  const { hints } = first!;
  if (hints.length === 0) {
    const strides = known && teacherGrids(known).map(({ strideX }) => strideX);
    const reason = strides
      ? `a teacher that shares a grid with the network, got ${strides.join(' and ')} px per cell; choose another teacher`
      : `a teacher that has one map for a grid of the network; ${path} does not at its input size`;
    fail('loss.gains.hint', `${reason}, name layers in \`hints\`, or 0`);
  }
  const other = others.find((sized) => layersOf(sized.hints) !== layersOf(hints));
  if (other) {
    const { width, height } = other.size;
    fail(
      'loss.gains.hint',
      `the same maps of ${path} at all sizes, not others at ${width}×${height}; leave out multiScale`,
    );
  }
  for (const { layer, source, channels } of known ? [] : hints)
    onNote(`teacher: ${layer} learns ${source} of ${path} (${channels} channels)`);
}
