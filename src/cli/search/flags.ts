import { OBJECTIVES, SEARCH_OPTIONS } from '../../options/search.ts';

/** Makes no candidates: it narrows one trained model in rounds. */
export const NETADAPT = 'netadapt';

const { range: _range, ...target } = SEARCH_OPTIONS.target;
const { required: _required, ...model } = SEARCH_OPTIONS.model;

/** The options of a search as flags: `netadapt` is one of its objectives here, and its target may be a share. */
export const SEARCH_FLAGS = {
  ...SEARCH_OPTIONS,
  model: { ...model, default: 'micro-yolo' },
  objective: { ...SEARCH_OPTIONS.objective, choices: [...OBJECTIVES, NETADAPT] },
  // Without a range, for it is text.
  target: { ...target, kind: 'any' },
} as const;
