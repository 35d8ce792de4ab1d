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

/** The bits of a set that are about memory. */
export const FenceSet = { Writes: 1, Reads: 2 } as const;

const SET_BITS = 4;
const SET_MASK = (1 << SET_BITS) - 1;

/** The two sets of a fence, from its immediate (fm, predecessor set, successor set). */
export const predecessorSet = (immediate: number): number => (immediate >> SET_BITS) & SET_MASK;
export const successorSet = (immediate: number): number => immediate & SET_MASK;

/** Suffixes of atomic instructions by their ordering bits: aq is 2, rl is 1. */
export const orderingSuffixes = ['', '.rl', '.aq', '.aqrl'] as const;
