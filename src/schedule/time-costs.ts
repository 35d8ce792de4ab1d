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
 * Overlap: a core of that family has 10 line fill buffers, each for one miss under way; what one core gets out of RAM is
 * about the latency divided by those (Little's law), which single-threaded STREAM bears out.
 *
 * Sleeping and waking: Falsafi, Guerraoui, Picorel and Trigonakis, "Unlocking energy" (USENIX ATC 2016), for Linux futexes:
 * about 2100 cycles for a call that sleeps, 2700 for one that wakes, 7000 and more until the sleeper runs.
 *
 * What was confirmed by a search: that the first paper measures loads, stores and atomic operations by state and distance of
 * the line, on such a Xeon among four machines (its ccbench and libslock say so); that the second finds all atomic
 * operations about as quick as one another; that an uncontended atomic operation takes 16 to 18 cycles on an AMD Phenom II
 * (rygorous, `atomic_ops_test`); and the number of line fill buffers. Not confirmed: any other number of cycles. Those of the
 * three papers are noted from memory, as their tables could not be had, and are to be taken as a choice. `--cost` sets any of
 * them.
 */
export const DEFAULT_COSTS: TimeCosts = {
  hit: 5,
  share: 44,
  transfer: 109,
  upgrade: 116,
  memory: 355,
  atomic: 20,
  overlap: 10,
  park: 2100,
  unpark: 2700,
  wake: 7000,
};

/** The names of all costs, in the order in which they are shown and stored. */
export const COST_NAMES = Object.keys(DEFAULT_COSTS) as readonly (keyof TimeCosts)[];

/** A cost is at most this, so that clocks stay exact for any run that ends. */
export const MAX_COST = 1_000_000;
