/**
 * The format of Sv39 page tables (Privileged ISA §4.4), for software that reads and writes them.
 *
 * Addresses and page-table entries are JavaScript numbers. That is exact: virtual addresses below `MAXVA` have 38 bits,
 * and RAM ends at or below 2^32, so that an entry that maps it is below 2^31 and bit operations on it stay positive.
 * Entries that use the bits above (PBMT, N, or memory beyond 2^33) are no concern of a kernel on this board; the
 * hardware walker reads all 64 bits.
 */

export const PAGE_SHIFT = 12;
export const PAGE_SIZE = 1 << PAGE_SHIFT;
/** Levels are numbered from the leaf: 0 maps 4 KiB, 1 maps 2 MiB, 2 maps 1 GiB. */
export const LEVELS = 3;
/** Entries of one table, which fills a page. */
export const PTES_PER_TABLE = 512;
export const PTE_SIZE = 8;

/** Flags of a page-table entry. Neither R, W nor X: a pointer to the next table. */
export const Pte = {
  V: 1 << 0,
  R: 1 << 1,
  W: 1 << 2,
  X: 1 << 3,
  U: 1 << 4,
  G: 1 << 5,
  A: 1 << 6,
  D: 1 << 7,
  /** Left to software; xv6's copy-on-write lab marks shared pages here. */
  RSW0: 1 << 8,
  RSW1: 1 << 9,
} as const;

/** All flags, RSW included: bits 9 to 0. */
export const PTE_FLAGS = 0x3ff;
const PPN_SHIFT = 10;

/** Highest virtual address a kernel hands out, plus one: half of Sv39, so that no address needs sign extension (as in xv6). */
export const MAXVA = 2 ** 38;
const PHYSICAL_LIMIT = 2 ** 33;

/** Entry that maps or points to the page at `pa` (bytes, page aligned, below 2^33) with `flags`. Throws a RangeError otherwise. */
export function makePte(pa: number, flags: number): number {
  if (pageOffset(pa) !== 0 || pa < 0 || pa >= PHYSICAL_LIMIT) {
    throw new RangeError(`0x${pa.toString(16)} is not the address of a page below 2^33`);
  }
  return (pa / PAGE_SIZE) * (1 << PPN_SHIFT) + flags;
}

/** Physical address in bytes of the page or table that an entry refers to. */
export function ptePa(pte: number): number {
  return (pte >>> PPN_SHIFT) * PAGE_SIZE;
}

export function pteFlags(pte: number): number {
  return pte & PTE_FLAGS;
}

/** An entry that ends the walk. Not every leaf is valid: W without R is reserved. */
export function isLeaf(pte: number): boolean {
  return (pte & (Pte.R | Pte.W | Pte.X)) !== 0;
}

/** Looked up, not computed: page walks are hot, and a power costs as much as the rest of one. */
const LEVEL_SIZES = [2 ** 12, 2 ** 21, 2 ** 30];

/** Bytes that a leaf entry at `level` maps. */
export function levelSize(level: number): number {
  return LEVEL_SIZES[level]!;
}

/** Index into the table at `level` for a virtual address below `MAXVA`. */
export function px(level: number, va: number): number {
  // In bits, as in `pageOffset`: what is left of `va` is below 2^26.
  return (va / levelSize(level)) & (PTES_PER_TABLE - 1);
}

/**
 * Bytes from the start of its page to `address`. Page walks are hot, and most addresses are beyond 2^31: there `%` divides
 * doubles, which costs as much as the rest of a walk's step.
 */
export function pageOffset(address: number): number {
  return address & (PAGE_SIZE - 1);
}

export function pageRoundUp(address: number): number {
  return Math.ceil(address / PAGE_SIZE) * PAGE_SIZE;
}

export function pageRoundDown(address: number): number {
  return Math.floor(address / PAGE_SIZE) * PAGE_SIZE;
}

/** Fields of the satp CSR (Privileged ISA §4.1.11). */
export const Satp = {
  modeShift: 60n,
  asidShift: 44n,
  asidMask: 0xffffn,
  ppnMask: (1n << 44n) - 1n,
  bare: 0n,
  sv39: 8n,
} as const;

/** satp for the root table at `root` (physical, bytes, page aligned), mode Sv39. */
export function makeSatp(root: number, asid = 0n): bigint {
  return (Satp.sv39 << Satp.modeShift) | (asid << Satp.asidShift) | BigInt(root / PAGE_SIZE);
}
