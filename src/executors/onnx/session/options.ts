/** Execution provider of a session. Operations that a GPU provider does not support run on the CPU. */
export type Provider = 'cpu' | 'cuda' | 'webgpu';

/** Options for creating a session. */
export interface SessionOptions {
  /** Execution provider. @default 'cpu' */
  readonly provider?: Provider | undefined;
  /** Threads per operation. @default the number of cores */
  readonly threads?: number | undefined;
  /**
   * Whether threads stop spinning immediately after each run, which helps code that works between runs. @default false
   */
  readonly restBetweenRuns?: boolean | undefined;
  /** Whether idle threads sleep during a run, which helps code that computes at the same time. @default false */
  readonly shareCores?: boolean | undefined;
  /** File for a profile of each operation of each run. See `endProfile`. */
  readonly profile?: string | undefined;
  /** File for the graph after optimization for this machine. */
  readonly optimized?: string | undefined;
  /**
   * `false` runs the graph unchanged. `'basic'` applies only those passes that are the same on every machine. @default
   * true
   */
  readonly optimize?: boolean | 'basic' | undefined;
}
