import { type OptionRow, pickRows } from '../../foundation/errors/option-row.ts';
import { LOAD_OPTIONS } from '../loading.ts';
import { WRITING_OPTIONS } from './writing.ts';

/** Options for labeling images. */
export const LABEL_OPTIONS = {
  images: { kind: 'strings', required: true, about: 'images, folders or globs' },
  models: {
    kind: 'strings',
    required: true,
    about: 'detector: .onnx, .safetensors, .cfg, a name or an address; several detectors vote',
    flag: { name: 'model', short: 'm', value: '<file...>' },
  },
  ...WRITING_OPTIONS,
  ...pickRows(LOAD_OPTIONS, ['as', 'names', 'size', 'threads']),
  scoreThreshold: {
    kind: 'number',
    range: [0, 1],
    default: 0.3,
    about: 'detections with a score above this become objects',
    flag: { short: 't', value: '<0-1>' },
  },
  ignoreThreshold: {
    kind: 'number',
    range: [0, 1],
    about: 'weaker detections with a score above this become regions that training ignores',
    otherwise: '0.1, or the score threshold if that is less',
    flag: { value: '<0-1>' },
  },
  review: {
    kind: 'string',
    about: 'write a page with the labels, least certain first',
    flag: { value: '<file.html>' },
  },
} as const satisfies Readonly<Record<string, OptionRow>>;
