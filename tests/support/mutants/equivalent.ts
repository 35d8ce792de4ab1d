/** A mutant that breaks nothing, or nothing that this machine could show. */
export interface Equivalent {
  /** Of the mutant; it changes with the function, so that the reason is thought about again. */
  readonly id: string;
  readonly why: string;
}

export const equivalents: readonly Equivalent[] = [];
