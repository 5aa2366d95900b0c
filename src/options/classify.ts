import type { OptionRow } from '../foundation/errors/option-row.ts';
import { CLASSIFIER_FLAGS, LOAD_OPTIONS } from './loading.ts';

/** Options for classifying files, except those for loading a classifier. */
const OWN = {
  images: { kind: 'any', required: true, about: 'files, folders, globs or addresses' },
  except: { kind: 'strings', about: 'folders that are not searched' },
  model: {
    kind: 'string',
    required: true,
    about: 'classifier: .safetensors (path or https address), or a Darknet .cfg',
    flag: { short: 'm', value: '<model>' },
  },
  top: {
    kind: 'number',
    range: [1, 1_000_000],
    whole: true,
    default: 5,
    about: 'classes per image',
    flag: { value: '<n>' },
  },
} as const satisfies Readonly<Record<string, OptionRow>>;

export const CLASSIFY_OPTIONS = { ...OWN, ...LOAD_OPTIONS } as const;

/** The options that have flags. */
export const CLASSIFY_FLAGS = { ...OWN, ...CLASSIFIER_FLAGS } as const;
