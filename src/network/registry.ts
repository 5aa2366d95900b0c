import { MicroYoloError } from '../foundation/errors/errors.ts';
import { backboneNames } from './backbones/families.ts';
import { isBackboneName, namedBackbone } from './backbones/named.ts';
import { type ClassifierOptions, composeClassifier } from './classifiers/classifier.ts';
import { composeDetector } from './detectors/compose.ts';
import { microYolo } from './detectors/micro-yolo.ts';
import { microYoloBase } from './detectors/micro-yolo-base.ts';
import { microYoloPlus } from './detectors/micro-yolo-plus.ts';
import { microYolox } from './detectors/micro-yolox.ts';
import type { DetectorOptions } from './detectors/options.ts';
import { yoloLite } from './detectors/yolo-lite.ts';
import { yoloNano } from './detectors/yolo-nano.ts';
import { yolov3Tiny } from './detectors/yolov3-tiny.ts';
import type { DetectionHead } from './heads/head.ts';
import type { Network } from './layers.ts';

/** Detectors that have their own name. */
export const detectors = {
  'micro-yolo': microYolo,
  'micro-yolo-base': microYoloBase,
  'micro-yolo-plus': microYoloPlus,
  'micro-yolox': microYolox,
  'yolov3-tiny': yolov3Tiny,
  'yolo-lite': yoloLite,
  'yolo-nano': yoloNano,
} as const satisfies Record<string, (options?: DetectorOptions) => Network>;

/** Name of a detector. */
export type DetectorName = keyof typeof detectors;

/** Names of all detectors that have their own name. */
export const detectorNames = Object.keys(detectors) as readonly DetectorName[];

/** Heads for any backbone, as in `mobilenet-v2:0.5/yolo-tiny`. */
export const heads = {
  'yolo-tiny': { head: 'yolo-tiny' },
  'yolo-tiny-dsconv': { head: 'yolo-tiny', spatial: { block: 'dsconv', kernel: 5 } },
  'yolo-tiny-mbconv': {
    head: 'yolo-tiny',
    spatial: { block: 'mbconv', kernel: 5, expand: 2, squeeze: { ratio: 4, of: 'input' } },
  },
  fpn: { head: 'fpn' },
  pan: { head: 'pan' },
  yolox: { head: 'yolox' },
  region: { head: 'region' },
} as const satisfies Readonly<Record<string, DetectionHead>>;

/** Name of a head. */
export type HeadName = keyof typeof heads;

/** Names of all heads. */
export const headNames = Object.keys(heads) as readonly HeadName[];

/** A detector's own name, or BACKBONE/HEAD. */
export type DetectorSpecifier = DetectorName | `${string}/${HeadName}`;

export function isDetectorName(name: string): name is DetectorName {
  return Object.hasOwn(detectors, name);
}

/** Whether a text is meant as a network's name: it begins with a known name, and is not a path. */
export function isNetworkName(text: string): boolean {
  const [, name = ''] = /^([a-z0-9-]+)(:[^/]*)?(\/[a-z0-9-]*)?$/.exec(text) ?? [];
  return isDetectorName(name) || isBackboneName(name);
}

const list = (names: readonly string[]) => names.join(', ');

/**
 * Builds a detector by name, such as `micro-yolo` or `mobilenet-v2:0.5/fpn`.
 * @throws MicroYoloError `invalid-argument` for an unknown name or option, `invalid-network` if the parts do not fit
 * each other or the input size
 */
export function buildDetector(name: DetectorSpecifier, options: DetectorOptions = {}): Network {
  if (isDetectorName(name)) return detectors[name](options);
  const slash = name.lastIndexOf('/');
  const head = name.slice(slash + 1);
  if (slash < 0) {
    throw new MicroYoloError(
      'invalid-argument',
      `detector ${JSON.stringify(name)}: expected one of ${list(detectorNames)}, or BACKBONE/HEAD with a backbone of ${list(backboneNames)} and a head of ${list(headNames)}`,
      { field: 'detector', received: name },
    );
  }
  if (!Object.hasOwn(heads, head)) {
    throw new MicroYoloError(
      'invalid-argument',
      `detector ${JSON.stringify(name)}: head ${JSON.stringify(head)}, expected one of ${list(headNames)}`,
      { field: 'detector', received: name },
    );
  }
  const backbone = namedBackbone(name.slice(0, slash));
  return composeDetector({ name, backbone, head: heads[head as HeadName] }, options);
}

/**
 * Builds a classifier by the name of its backbone, such as `mobilenet-v2:0.5`.
 * @throws MicroYoloError `invalid-argument` for an unknown name or option, `invalid-network` if the parts do not fit
 * each other or the input size
 */
export function buildClassifier(name: string, options: ClassifierOptions = {}): Network {
  return composeClassifier(name, namedBackbone(name), options);
}

/**
 * Builds any network by name: a detector's own name or BACKBONE/HEAD, or a backbone as a classifier.
 * BACKBONE/classes is the classifier if a detector has the same name.
 * @throws MicroYoloError `invalid-argument` for an unknown name or option, `invalid-network` if the parts do not fit
 * each other or the input size
 */
export function buildNetwork(name: string, options: DetectorOptions & ClassifierOptions = {}): Network {
  const trunk = /^(.*)\/classes$/s.exec(name)?.[1];
  if (trunk !== undefined) return buildClassifier(trunk, options);
  return isDetectorName(name) || name.includes('/')
    ? buildDetector(name as DetectorSpecifier, options)
    : buildClassifier(name, options);
}
