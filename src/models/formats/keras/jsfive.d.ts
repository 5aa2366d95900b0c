/** The parts of jsfive that are used. It has no types of its own. */
declare module 'jsfive' {
  export interface Dataset {
    readonly shape: readonly number[];
    readonly dtype: unknown;
    readonly value: ArrayLike<number>;
  }
  export interface Group {
    readonly keys: readonly string[];
    readonly attrs: Readonly<Record<string, unknown>>;
    get(path: string): Group | Dataset | undefined;
  }
  export class File implements Group {
    constructor(bytes: ArrayBuffer);
    readonly keys: readonly string[];
    readonly attrs: Readonly<Record<string, unknown>>;
    get(path: string): Group | Dataset | undefined;
  }
}
