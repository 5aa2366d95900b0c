import { readFileSync } from 'node:fs';

/** The figures that a benchmark saved in results/NAME.json. */
export function results<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../../results/${name}.json`, import.meta.url), 'utf8'));
}

export interface Machine {
  readonly machine: { readonly cpu: string; readonly node: string };
}

/** The results of scripts/benchmarks/detectors.ts. */
export interface DetectorsResults extends Machine {
  readonly side: number;
  readonly detectors: readonly {
    readonly name: string;
    readonly parameters: number;
    readonly macs: number;
    readonly memoryAccess: number;
    readonly activationMemory: number;
    readonly ms: number;
  }[];
}

export const millions = (value: number) => `${(value / 1e6).toFixed(2)} M`;
