/** The sets of accesses that a fence orders: bit 3 device input, 2 device output, 1 memory reads, 0 memory writes (Unprivileged ISA, "Memory Ordering Instructions"). */
const letters = ['i', 'o', 'r', 'w'] as const;
const FIRST_BIT = 3;

/** `rw` for 0b0011; `0` for the empty set. */
export function fenceSetText(bits: number): string {
  return letters.filter((_, index) => bits & (1 << (FIRST_BIT - index))).join('') || '0';
}

/** Undefined when the text is no set: letters of i, o, r, w, each at most once and in this order, or `0`. */
export function fenceSetBits(text: string): number | undefined {
  const bits = letters.reduce(
    (set, letter, index) => (text.includes(letter) ? set | (1 << (FIRST_BIT - index)) : set),
    0,
  );
  return fenceSetText(bits) === text ? bits : undefined;
}

/** Suffixes of atomic instructions by their ordering bits: aq is 2, rl is 1. */
export const orderingSuffixes = ['', '.rl', '.aq', '.aqrl'] as const;
