/** Vector clocks over harts: `clock[h]` is the time of hart h that the owner has heard of. */
export type VectorClock = Uint32Array;

export function newClock(harts: number): VectorClock {
  return new Uint32Array(harts);
}

/** `into` also knows what `from` knows. */
export function join(into: VectorClock, from: VectorClock): void {
  for (let hart = 0; hart < into.length; hart++) if (from[hart]! > into[hart]!) into[hart] = from[hart]!;
}

/** An access at `time` of `hart` happens before everything that knows of that time. */
export function happenedBefore(hart: number, time: number, clock: VectorClock): boolean {
  return time <= clock[hart]!;
}
