import type { ContentionFigures } from '../../../kernel/scenarios/contention-figures.js';
import type { ContentionTimeline } from '../../../kernel/scenarios/contention-timeline.js';
import type { Spread } from '../../report/spread.js';
import type { TimeCosts } from '../../schedule/time-costs.js';
import type { Workload } from './lock-bench.js';

/** The shape of what `hartbreak bench --json` prints: changes when `--compare` can no longer read an older file. */
export const BENCH_FORMAT = 1;

/** All that `hartbreak bench` found out: one JSON object. */
export interface BenchResult {
  /** `BENCH_FORMAT`. */
  readonly format: number;
  /** Of hartbreak. */
  readonly version: string;
  /** Somebody stopped it: figures are missing. */
  readonly interrupted: boolean;
  /** Figures of virtual time, the same to the digit wherever and whenever they are made. */
  readonly virtual: VirtualFigures;
  /** All others. */
  readonly measured: MeasuredFigures;
}

/** A bench that was not asked for is left out. */
export interface VirtualFigures {
  readonly costs: TimeCosts;
  readonly locks?: LockFigures;
  readonly fork?: WorkFigures;
  readonly cow?: WorkFigures;
  readonly refs?: WorkFigures;
  readonly alloc?: WorkFigures;
}

export interface LockFigures {
  readonly workload: Workload;
  /** All locks with few harts come before any with more. */
  readonly cells: readonly LockCell[];
  /** One for each cell, in the same order. */
  readonly timelines: readonly LockTimeline[];
}

/** One lock under contention by so many harts. */
export interface LockCell extends ContentionFigures {
  readonly lock: string;
  readonly harts: number;
}

/** Who held the lock and who waited. */
export interface LockTimeline extends ContentionTimeline {
  readonly lock: string;
  readonly harts: number;
}

/** Harts that call the kernel. */
export interface WorkFigures {
  /** Measured operations by each hart. */
  readonly rounds: number;
  /** Of the heap of each process. */
  readonly pages: number;
  readonly cells: readonly WorkCell[];
}

export interface WorkCell {
  /** What is compared: a design, a counting scheme, a free list. */
  readonly variant: string;
  /** What the harts do, by its name. */
  readonly work: string;
  readonly harts: number;
  /** Measured, by all harts together. */
  readonly operations: number;
  /** From the first of them to the last. */
  readonly cycles: number;
  /** Operations per million cycles. */
  readonly throughput: number;
}

export interface MeasuredFigures {
  readonly host: HostFacts;
  /** Of the whole command. */
  readonly seconds: number;
  /** Of a round of an empty loop, which takes a cycle of virtual time; null where nothing is held against that. */
  readonly nanosecondsPerCycle: number | null;
  readonly rows: readonly MeasuredRow[];
  /** Virtual time held against this machine. */
  readonly model: readonly ModelRow[];
}

export interface HostFacts {
  /** `v24.1.0` */
  readonly node: string;
  readonly processor: string;
  readonly cores: number;
}

/** One thing that was measured several times. */
export interface MeasuredRow extends Spread {
  readonly bench: string;
  readonly what: string;
  readonly harts: number;
  /** `acquisitions/s`, `MIPS`: more is better in all of them. */
  readonly unit: string;
}

/** How much more two harts do than one, in virtual time and on this machine. */
export interface ModelRow {
  readonly bench: string;
  readonly what: string;
  /** Throughput with two harts by that with one. */
  readonly virtual: number;
  readonly real: Spread;
  /** By which part virtual time is off: 0.1 is 10 % too much. */
  readonly error: number;
  /** Nanoseconds of one operation by one hart: in virtual time, with `nanosecondsPerCycle`; and here. */
  readonly virtualNanoseconds: number;
  readonly realNanoseconds: number;
}
