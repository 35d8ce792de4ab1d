import { spreadOf } from '../../report/spread.js';
import type { MeasuredRow, ModelRow, VirtualFigures } from './result.js';

/** A throughput of virtual time, in operations per million cycles. */
interface VirtualThroughput {
  readonly bench: string;
  readonly what: string;
  readonly harts: number;
  readonly throughput: number;
}

const FEW = 1;
const MORE = 2;
const CYCLES = 1_000_000;
const NS = 1_000_000_000;

/**
 * Virtual time beside real time, for whatever both have of one hart and of two: by how much two do more than one, which
 * needs no unit in common, and what an operation takes, for which a cycle is a round of an empty loop on this host.
 */
export function modelRows(
  virtual: Omit<VirtualFigures, 'costs'>,
  rows: readonly MeasuredRow[],
  nanosecondsPerCycle: number,
): ModelRow[] {
  const modelled = throughputs(virtual);
  return modelled
    .filter(({ harts }) => harts === FEW)
    .flatMap(({ bench, what, throughput }) => {
      const two = modelled.find((one) => one.bench === bench && one.what === what && one.harts === MORE);
      const real = (harts: number) =>
        rows.find((row) => row.bench === bench && row.what === what && row.harts === harts);
      const [realOne, realTwo] = [real(FEW), real(MORE)];
      if (two === undefined || realOne === undefined || realTwo === undefined) return [];
      // The nth measurements were made one right after the other.
      const ratios = spreadOf(realTwo.values.map((value, i) => value / (realOne.values[i] ?? realOne.median)));
      const ratio = two.throughput / throughput;
      return [
        {
          ...{ bench, what },
          virtual: ratio,
          real: ratios,
          error: ratio / ratios.median - 1,
          virtualNanoseconds: (CYCLES / throughput) * nanosecondsPerCycle,
          realNanoseconds: NS / realOne.median,
        },
      ];
    });
}

function throughputs({ locks, fork }: Omit<VirtualFigures, 'costs'>): VirtualThroughput[] {
  const ofLocks = (locks?.cells ?? []).map(({ lock, harts, throughput }) => ({
    ...{ bench: 'locks', what: lock, harts, throughput },
  }));
  const ofForks = (fork?.cells ?? []).map(({ variant, harts, throughput }) => ({
    ...{ bench: 'fork', what: variant, harts, throughput },
  }));
  return [...ofLocks, ...ofForks];
}
