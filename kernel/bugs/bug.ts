import type { KernelArea, LayoutConfig } from '../layout.js';
import type { KernelParts } from '../parts.js';

/** How a mistake can come out: the kinds of report that observers, ledger and scenarios make of it. */
export type Symptom =
  | 'data-race'
  | 'lockset'
  | 'lock-order'
  | 'double-free'
  | 'use-after-free'
  | 'double-allocation'
  | 'stale-tlb'
  | 'deadlock'
  | 'livelock'
  | 'panic'
  | 'ledger'
  | 'content'
  | 'wrong-result'
  | 'not-serial'
  | 'invariant';

/** A known mistake: a small override of a design or of the kernel. */
export interface Bug {
  readonly name: string;
  /** One line. */
  readonly summary: string;
  /** One paragraph: what is wrong, and how it comes out. */
  readonly explanation: string;
  /** Names of the designs that can have it. */
  readonly designs: readonly string[];
  /** Whether some schedule does harm. A bug that cannot is here for what observers say of it, or for what it costs. */
  readonly harmful: boolean;
  /** The kinds of report that show it, the most telling first. None: nothing is wrong but the cost, which statistics tell. */
  readonly expected: readonly Symptom[];
  /** Name of the scenario that shows it best. */
  readonly scenario: string;
  /** Where it comes from, if somebody made it before us. */
  readonly source?: BugSource;
  /** Name of the lock family that has it: choosing the bug chooses the family. Not given: it is no mistake of a lock. */
  readonly lock?: string;
  /** The same of a counting scheme, and of a way to keep the free frames. */
  readonly refs?: string;
  readonly freelist?: string;
  /** The kernel with the mistake in it. */
  change(sound: KernelParts): KernelParts;
  /** Space in the kernel's area for what the mistaken code keeps; the address stands in `layout.extra`. */
  readonly reserve?: (area: KernelArea, config: LayoutConfig) => number;
}

/** `mistake`: number in the list of kernel/README.md, of those that the authors of the five systems wrote down; `published`: the design whose published form has it. */
export interface BugSource {
  readonly mistake?: number;
  readonly published?: string;
}
