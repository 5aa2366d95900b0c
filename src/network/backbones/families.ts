import * as z from 'zod';
import {
  type EFFICIENTNETS,
  efficientNetLite0,
  efficientNetOptions,
  publishedEfficientNet,
  scaledEfficientNet,
} from './efficientnet.ts';
import { ghostNet, ghostNetOptions } from './ghostnet.ts';
import { microYoloStages } from './micro-yolo.ts';
import { microYoloPlusStages } from './micro-yolo-plus.ts';
import { mnasNetA1, mnasNetB1, mnasNetOptions } from './mnasnet.ts';
import { mobileNetV1, mobileNetV1Options } from './mobilenet-v1.ts';
import { improvedMobileNetV2Options, mobileNetV2, mobileNetV2Options } from './mobilenet-v2.ts';
import { mobileNetV3Large, mobileNetV3Options, mobileNetV3Small } from './mobilenet-v3.ts';
import { shuffleNetV1, shuffleNetV1Options } from './shufflenet-v1.ts';
import { shuffleNetV2, shuffleNetV2Options } from './shufflenet-v2.ts';
import type { Backbone } from './stages.ts';
import { yoloLiteStages } from './yolo-lite.ts';
import { yoloNanoStages } from './yolo-nano.ts';
import { yolov3TinyStages } from './yolov3-tiny.ts';

/** A kind of backbone, with the options that its name accepts, such as `mobilenet-v2:width=0.5`. */
export interface Family {
  readonly options: z.ZodObject;
  /** @throws ZodError for unknown or invalid options */
  readonly build: (options: unknown) => Backbone;
}

function family<S extends z.ZodObject>(options: S, build: (options: z.output<S>) => Backbone): Family {
  return { options, build: (given) => build(options.parse(given)) };
}

/** A family without options. */
const fixed = (build: () => Backbone) => family(z.strictObject({}), build);
const published = (name: keyof typeof EFFICIENTNETS) => fixed(() => publishedEfficientNet(name));

const LEAKY = { function: 'leakyRelu', slope: 0.1 } as const;

/** Every backbone by name. */
export const families = {
  'mobilenet-v1': family(mobileNetV1Options, mobileNetV1),
  'mobilenet-v2': family(mobileNetV2Options, mobileNetV2),
  'mobilenet-v2-improved': family(improvedMobileNetV2Options, mobileNetV2),
  'mobilenet-v3-large': family(mobileNetV3Options, mobileNetV3Large),
  'mobilenet-v3-small': family(mobileNetV3Options, mobileNetV3Small),
  'mnasnet-a1': family(mnasNetOptions, mnasNetA1),
  'mnasnet-b1': family(mnasNetOptions, mnasNetB1),
  'shufflenet-v1': family(shuffleNetV1Options, shuffleNetV1),
  'shufflenet-v2': family(shuffleNetV2Options, shuffleNetV2),
  efficientnet: family(efficientNetOptions, scaledEfficientNet),
  'efficientnet-b0': published('b0'),
  'efficientnet-b1': published('b1'),
  'efficientnet-b2': published('b2'),
  'efficientnet-b3': published('b3'),
  'efficientnet-b4': published('b4'),
  'efficientnet-b5': published('b5'),
  'efficientnet-b6': published('b6'),
  'efficientnet-b7': published('b7'),
  'efficientnet-lite0': fixed(efficientNetLite0),
  ghostnet: family(ghostNetOptions, ghostNet),
  'micro-yolo': fixed(() => ({ stages: microYoloStages, activation: 'relu' })),
  'micro-yolo-plus': fixed(() => ({ stages: microYoloPlusStages, activation: 'relu' })),
  'yolov3-tiny': fixed(() => ({ stages: yolov3TinyStages, activation: LEAKY })),
  'yolo-lite': fixed(() => ({ stages: yoloLiteStages, activation: LEAKY })),
  'yolo-nano': fixed(() => ({ stages: yoloNanoStages, activation: 'relu6' })),
} as const satisfies Readonly<Record<string, Family>>;

/** Name of a backbone. */
export type BackboneName = keyof typeof families;

/** Names of all backbones. */
export const backboneNames = Object.keys(families) as readonly BackboneName[];
