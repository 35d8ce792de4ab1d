/** What user programs expect of system calls, by the xv6 that they were written for. */
export interface Abi {
  readonly name: string;
  /** One line. */
  readonly summary: string;
  /**
   * sbrk has a second argument, which says whether the pages are there at once. Where it has not, what stands in that
   * register is whatever the program left there, and nobody looks at it.
   */
  readonly lazySbrk: boolean;
}

/** The first is the default. Add new ones here. */
export const abis: readonly [Abi, ...Abi[]] = [
  { name: 'xv6', summary: 'sbrk(n): its pages are there at once', lazySbrk: false },
  {
    name: 'xv6-2025',
    summary: 'sbrk(n, how): its pages are there at once, or each when it is first touched',
    lazySbrk: true,
  },
];
export const DEFAULT_ABI = abis[0];
