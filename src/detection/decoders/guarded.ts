import { MicroYoloError } from '../../foundation/errors/errors.ts';
import type { Decoder, Outputs } from './decoder.ts';

/** Whether all values of an output are NaN. */
const isNoNumber = ({ data }: Outputs[string]) =>
  data.length > 0 && data.every((value) => Number.isNaN(value));

/**
 * Guards a decoder against invalid outputs: boxes must be finite, and classes must have names.
 * @param name of the model, for messages
 * @param classes number of class names
 */
export function guarded(decoder: Decoder, name: string, classes: number): Decoder {
  return {
    ...decoder,
    decode(outputs, view, add) {
      let count = 0;
      decoder.decode(outputs, view, (left, top, right, bottom, score, classId) => {
        if (!(classId >= 0 && classId < classes && Number.isInteger(classId))) {
          throw new MicroYoloError(
            'unsupported',
            `${name}: returned class ${classId}, expected whole numbers from 0 to ${classes - 1}; pass a file with all class names, or set its family`,
          );
        }
        count++;
        if (Number.isFinite(left + top + right + bottom)) add(left, top, right, bottom, score, classId);
      });
      const silent =
        count === 0 ? Object.entries(outputs).find(([, output]) => isNoNumber(output)) : undefined;
      if (silent === undefined) return;
      throw new MicroYoloError(
        'unsupported',
        `${name}: its output ${silent[0]} is all NaN; export it again, with 32-bit floats`,
      );
    },
  };
}
