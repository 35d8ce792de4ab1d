import type { Label } from '../wasm/function-builder.js';
import type { Registers } from './registers.js';

/** Where the region is left by way of a common end: a place for each set of registers that is to be stored. */
export interface ExitPlaces {
  /** The label of the place for exactly these registers. */
  label(dirty: Registers): Label;
}

interface Place {
  readonly dirty: Registers;
  /** The place after this one, whose registers are some of this one's. */
  readonly next: Place | undefined;
}

/**
 * Writes `body` inside nested blocks, one for each set. A place stores what the next one does not, and goes on there, so
 * that sets which grow along the code, as they do, share their stores.
 */
export function withExitPlaces(
  f: { block(body: (label: Label) => void): void; branch(label: Label): void },
  sets: readonly Registers[],
  body: (places: ExitPlaces) => void,
  store: (registers: Registers) => void,
): void {
  const labels = new Map<Registers, Label>();
  f.block((end) => {
    const open = (waiting: readonly Place[]): void => {
      const [first, ...rest] = waiting;
      if (first === undefined) {
        body({ label: (dirty) => labels.get(dirty)! });
        return;
      }
      f.block((label) => {
        labels.set(first.dirty, label);
        open(rest);
      });
      store(first.next === undefined ? first.dirty : first.dirty & ~first.next.dirty);
      if (first.next === undefined) f.branch(end);
    };
    open(chains(sets).flat());
  });
}

/** Smaller sets come first: each chain's places are nested so that the largest is innermost. */
function chains(sets: readonly Registers[]): Place[][] {
  const made: Place[][] = [];
  for (const dirty of [...new Set(sets)].sort((a, b) => size(a) - size(b))) {
    const chain = made.find((places) => {
      const largest = places.at(-1)!.dirty;
      return (largest & ~dirty) === 0;
    });
    if (chain === undefined) made.push([{ dirty, next: undefined }]);
    else chain.push({ dirty, next: chain.at(-1) });
  }
  return made;
}

function size(set: Registers): number {
  let count = 0;
  for (let rest = set; rest !== 0; rest &= rest - 1) count++;
  return count;
}
