import { MicroYoloError } from '../errors.ts';
import { microYolo } from './detectors/micro-yolo.ts';
import type { DetectorOptions } from './detectors/options.ts';
import { yolov3Tiny } from './detectors/yolov3-tiny.ts';
import type { Network } from './layers.ts';

/** Every network that can be built by name. */
export const detectors = {
  'micro-yolo': microYolo,
  'yolov3-tiny': yolov3Tiny,
} as const satisfies Record<string, (options?: DetectorOptions) => Network>;

export type DetectorName = keyof typeof detectors;

export const detectorNames = Object.keys(detectors) as readonly DetectorName[];

export function isDetectorName(name: string): name is DetectorName {
  return Object.hasOwn(detectors, name);
}

/** @throws MicroYoloError `invalid-argument` for an unknown name, or options that make no network */
export function buildDetector(name: DetectorName, options: DetectorOptions = {}): Network {
  if (!isDetectorName(name)) {
    throw new MicroYoloError(
      'invalid-argument',
      `detector ${JSON.stringify(name)}: expected one of ${detectorNames.join(', ')}`,
    );
  }
  return detectors[name](options);
}
