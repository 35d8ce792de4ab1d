/** Kinds of access. Fences tell them apart, so clocks do. */
export const Kind = { Read: 0, Write: 1 } as const;
export type Kind = (typeof Kind)[keyof typeof Kind];

const KINDS = 2;

/** Vector clocks over harts: for each hart and kind, the time of that hart up to which the owner has heard of its accesses. */
export type VectorClock = Uint32Array;

export function newClock(harts: number): VectorClock {
  return new Uint32Array(harts * KINDS);
}

/** `into` also knows what `from` knows. */
export function join(into: VectorClock, from: VectorClock): void {
  for (let i = 0; i < into.length; i++) if (from[i]! > into[i]!) into[i] = from[i]!;
}

/** The clock has heard of all accesses of that kind that the hart made up to `time`. */
export function hear(clock: VectorClock, hart: number, kind: Kind, time: number): void {
  clock[hart * KINDS + kind] = time;
}

/** An access at `time` of `hart` happens before everything that knows of that time. */
export function happenedBefore(hart: number, kind: Kind, time: number, clock: VectorClock): boolean {
  return time <= clock[hart * KINDS + kind]!;
}
