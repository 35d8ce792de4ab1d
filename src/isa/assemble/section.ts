import type { Fragment } from './fragment.js';

/** Fragments that lie one after the other in memory. */
export class Section {
  readonly fragments: Fragment[] = [];
  /** Where each fragment begins, and at last where the section ends; correct once the layout has settled. */
  addresses: bigint[] = [0n];
  /** The strictest alignment asked for inside, in bytes. */
  alignment = 1;

  constructor(readonly name: string) {}

  get start(): bigint {
    return this.addressOf(0);
  }
  get end(): bigint {
    return this.addressOf(this.fragments.length);
  }
  /** Address of the fragment with this index; one past the last means the end. */
  addressOf(index: number): bigint {
    return this.addresses[index] ?? 0n;
  }
}

/** The place where the next fragment of a section will stand when the label is defined. */
export interface Label {
  readonly section: Section;
  readonly index: number;
  readonly line: number;
}
