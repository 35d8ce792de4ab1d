import type { MeasuredRow, VirtualFigures } from './result.js';

/** What a part has found out. */
export interface Findings {
  readonly virtual?: Omit<VirtualFigures, 'costs'>;
  readonly rows?: readonly MeasuredRow[];
}

/** A piece of `hartbreak bench`: parts run one after the other. */
export interface BenchPart {
  /** What is going on, for the progress line. */
  readonly title: string;
  /** Runs or measurements, in all and so far. */
  readonly count: number;
  readonly completed: number;
  /** Threads may be coming up, so that a proper exit could crash. */
  readonly isStarting: boolean;
  /** What there is so far. */
  readonly findings: Findings;
  /** Until everything is there or somebody stops it. Throws RangeError where there is no room for a machine. */
  run(): Promise<void>;
  /** `run` comes back soon. Its threads may be in the middle of something. */
  stop(): void;
  /** Ends the threads. */
  close(): Promise<void>;
}
