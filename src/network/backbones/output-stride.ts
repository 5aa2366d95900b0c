import { MicroYoloError } from '../../foundation/errors/errors.ts';
import type { Stage } from './stages.ts';

/** These units join or split channels depending on their stride, so it cannot be changed. */
const isBound = (stage: Stage) => stage.block === 'shuffleV1' || stage.block === 'shuffleV2';

const strideOf = (stage: Stage) => ('stride' in stage ? stage.stride : 1);

/**
 * Removes the first downsampling steps of a backbone, so that the last feature map has the image's side divided by
 * `outputStride`. Pools with stride 2 are dropped. Other stages get stride 1.
 * @throws MicroYoloError `invalid-argument` if a stage depends on its stride
 */
export function withOutputStride(stages: readonly Stage[], outputStride: number): readonly Stage[] {
  const whole = stages.reduce((product, stage) => product * strideOf(stage), 1);
  let excess = whole / outputStride;
  return stages.flatMap((stage, index): readonly Stage[] => {
    if (excess <= 1 || strideOf(stage) === 1) return [stage];
    if (isBound(stage)) {
      const least = stages.slice(index).reduce((product, each) => product * strideOf(each), 1);
      throw new MicroYoloError(
        'invalid-argument',
        `outputStride ${outputStride}: stage ${index} (${stage.block}) needs its stride; choose ${least} or more`,
        { field: 'outputStride', received: outputStride },
      );
    }
    excess /= strideOf(stage);
    if (stage.block === 'maxPool') return [];
    return [{ ...stage, stride: 1 } as Stage];
  });
}
