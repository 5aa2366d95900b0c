import type { OptionRow } from '../foundation/errors/option-row.ts';
import { CALIBRATION_OPTIONS, LOAD_OPTIONS } from './loading.ts';

/** Options for reporting on a network. */
export const INFO_OPTIONS = {
  size: LOAD_OPTIONS.size,
  diagram: { kind: 'string', about: 'image of the network to draw', flag: { value: '<file>' } },
} as const satisfies Readonly<Record<string, OptionRow>>;

/** Options for reporting on an ONNX graph. */
export const GRAPH_INFO_OPTIONS = {
  ...INFO_OPTIONS,
  as: LOAD_OPTIONS.as,
  names: {
    ...LOAD_OPTIONS.names,
    about: 'class names of an .onnx model, one per line',
    otherwise: 'those in the file',
  },
  ...CALIBRATION_OPTIONS,
} as const satisfies Readonly<Record<string, OptionRow>>;
