import type { OptionRow } from '../../foundation/errors/option-row.ts';

/** Common options of tasks that read a data set. */
export const READING_OPTIONS = {
  split: { kind: 'string', about: 'only this split', otherwise: 'all', flag: { value: '<name>' } },
  imageFolder: {
    kind: 'string',
    about: 'folder of the images',
    otherwise: 'that of the data set',
    flag: { value: '<folder>' },
  },
} as const satisfies Readonly<Record<string, OptionRow>>;
