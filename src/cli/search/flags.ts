import { OBJECTIVES, SEARCH_OPTIONS } from '../../options/search.ts';

/** Has no candidates: it narrows one trained model in rounds. */
export const NETADAPT = 'netadapt';

const { range: _range, ...target } = SEARCH_OPTIONS.target;
const { required: _required, ...model } = SEARCH_OPTIONS.model;

/** Flags of `search`. Unlike the library, they accept the objective `netadapt`, whose target may be a share. */
export const SEARCH_FLAGS = {
  ...SEARCH_OPTIONS,
  model: { ...model, default: 'micro-yolo' },
  objective: { ...SEARCH_OPTIONS.objective, choices: [...OBJECTIVES, NETADAPT] },
  // No range, because the value may be a share such as 60%.
  target: { ...target, kind: 'any' },
} as const;
