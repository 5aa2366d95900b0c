import type { OptionRow } from '../foundation/errors/option-row.ts';
import { LOAD_OPTIONS } from './loading.ts';

/** Options for comparing networks. */
export const COMPARE_OPTIONS = {
  networks: { kind: 'strings', required: true, about: 'two or more names or model files' },
  size: { ...LOAD_OPTIONS.size, otherwise: "each network's own" },
  rounds: {
    kind: 'number',
    range: [0, 10_000],
    whole: true,
    default: 10,
    about: 'number of rounds of six timed runs; 0 skips timing',
    flag: { value: '<n>' },
  },
  threads: LOAD_OPTIONS.threads,
  chart: { kind: 'string', about: 'draw time against multiply-accumulates', flag: { value: '<file>' } },
  report: {
    kind: 'string',
    about: 'write a report: AP against time, MACs and bytes; or the runs side by side',
    flag: { value: '<folder>' },
  },
  data: {
    kind: 'string',
    about: 'data to measure AP on for the report',
    otherwise: 'the AP stored in the model files',
    flag: { value: '<path>' },
  },
} as const satisfies Readonly<Record<string, OptionRow>>;
