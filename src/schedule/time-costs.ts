import type { CoherenceCosts } from './coherence.js';

/** What takes time in virtual time, in cycles. */
export interface TimeCosts extends CoherenceCosts {
  /** To go to sleep: the call, and giving up the core. */
  readonly park: number;
  /** To wake sleepers, for whoever does; nothing when there are none. */
  readonly unpark: number;
  /** From that call until the sleeper runs. */
  readonly wake: number;
}

/**
 * One chip whose cores share a last-level cache, as measured on ten cores of an Intel Xeon E7-8867L at 2.13 GHz by David,
 * Guerraoui and Trigonakis, "Everything you always wanted to know about synchronization but were afraid to ask" (SOSP
 * 2013), tables 2 and 3, column "same die": L1 5, load of a shared line 44, of a modified one 109, store to a shared one
 * 116, RAM 355. Between sockets the same machine takes 223, 289, 318 over one hop. An atomic operation on a line that the
 * core has for itself takes about 20 cycles more than a load on Intel's cores (Schweizer, Besta and Hoefler, "Evaluating
 * the cost of atomic operations on modern architectures", PACT 2015).
 *
 * Sleeping and waking: Falsafi, Guerraoui, Picorel and Trigonakis, "Unlocking energy" (USENIX ATC 2016), for Linux futexes:
 * about 2100 cycles for a call that sleeps, 2700 for one that wakes, 7000 and more until the sleeper runs.
 *
 * Noted from memory: the papers could not be looked at again when this was written. `--cost` sets any of them.
 */
export const DEFAULT_COSTS: TimeCosts = {
  hit: 5,
  share: 44,
  transfer: 109,
  upgrade: 116,
  memory: 355,
  atomic: 20,
  park: 2100,
  unpark: 2700,
  wake: 7000,
};

/** The names of all costs, in the order in which they are shown and stored. */
export const COST_NAMES = Object.keys(DEFAULT_COSTS) as readonly (keyof TimeCosts)[];

/** A cost is at most this, so that clocks stay exact for any run that ends. */
export const MAX_COST = 1_000_000;
