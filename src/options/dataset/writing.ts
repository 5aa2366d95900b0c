import { DATASET_FORMATS } from '../../datasets/formats/registry.ts';
import { VOC_BOXES } from '../../datasets/formats/voc/boxes.ts';
import { IMAGE_TRANSFERS } from '../../datasets/output/transfers.ts';
import type { OptionRow } from '../../foundation/errors/option-row.ts';
import { READING_OPTIONS } from './reading.ts';

/** Common options of tasks that write a data set. */
export const WRITING_OPTIONS = {
  out: {
    kind: 'string',
    required: true,
    about: 'new folder for the data set',
    flag: { short: 'o', value: '<folder>' },
  },
  to: {
    kind: 'string',
    choices: DATASET_FORMATS,
    default: 'coco',
    about: 'format to write',
    flag: { value: '<format>' },
  },
  transfer: {
    kind: 'string',
    choices: IMAGE_TRANSFERS,
    default: 'link',
    about: 'how images are transferred',
    flag: { value: '<how>' },
  },
  overwrite: {
    kind: 'boolean',
    default: false,
    about: 'replace the data set in the folder, if micro-yolo wrote it',
    flag: {},
  },
  vocBoxes: {
    kind: 'string',
    choices: VOC_BOXES,
    about: 'how Pascal VOC files count pixels',
    otherwise: 'one-based, as in the VOC challenges',
    flag: { value: '<how>' },
  },
} as const satisfies Readonly<Record<string, OptionRow>>;

/** Common options of tasks that read a data set and write another one. */
export const REWRITING_OPTIONS = {
  data: { kind: 'string', required: true, about: 'file or folder of the data set' },
  ...WRITING_OPTIONS,
  ...READING_OPTIONS,
} as const satisfies Readonly<Record<string, OptionRow>>;

/** Options for converting a data set. */
export const CONVERT_OPTIONS = {
  ...REWRITING_OPTIONS,
  from: {
    kind: 'string',
    choices: DATASET_FORMATS,
    about: 'format of the input',
    otherwise: 'what its path says',
  },
} as const satisfies Readonly<Record<string, OptionRow>>;
