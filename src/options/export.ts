import { type OptionRow, pickRows } from '../foundation/errors/option-row.ts';
import { DETECT_OPTIONS } from './detect.ts';
import { LOAD_OPTIONS } from './loading.ts';

const suppressed = pickRows(DETECT_OPTIONS, ['iouThreshold', 'scoreThreshold', 'maxDetections']);
const { iouThreshold, scoreThreshold, maxDetections } = suppressed;

/** Options for exporting a model. The choices of `format` come from the format writers. */
export const EXPORT_OPTIONS = {
  model: { kind: 'string', required: true, about: 'model to export' },
  format: {
    kind: 'string',
    required: true,
    about: 'format to write',
    flag: { short: 'f', value: '<format>' },
  },
  ...pickRows(LOAD_OPTIONS, ['weights', 'names', 'size']),
  half: {
    kind: 'boolean',
    default: false,
    about: 'store weights in half precision (safetensors, onnx): half the size, the same speed',
    flag: {},
  },
  decode: {
    kind: 'boolean',
    default: false,
    about: 'onnx: compute boxes in pixels and scores inside the graph',
    flag: {},
  },
  nms: {
    kind: 'boolean',
    default: false,
    about: 'onnx: also suppress overlapping boxes inside the graph (implies --decode)',
    flag: {},
  },
  iouThreshold: { ...iouThreshold, about: `with --nms: ${iouThreshold.about}`, otherwise: '0.45' },
  scoreThreshold: { ...scoreThreshold, about: `with --nms: ${scoreThreshold.about}` },
  maxDetections: { ...maxDetections, about: `with --nms: ${maxDetections.about}` },
  out: {
    kind: 'string',
    about: "file to write, with the format's extension",
    otherwise: "the model's name with that extension",
    flag: { short: 'o', value: '<file>' },
  },
} as const satisfies Readonly<Record<string, OptionRow>>;
