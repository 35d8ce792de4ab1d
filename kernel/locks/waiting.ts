import type { SharedAccess } from '../../src/memory/access.js';

/**
 * Spins until the atomic word no longer holds `value`, and gives the core away now and then: there may be more harts than
 * cores, and whoever is to change the word may be waiting for this one (Drepper, "Futexes Are Tricky"). Returns how often
 * it looked. The look that saw the change is an acquire: what it pairs with is said where this is called.
 */
export function spinUntilChanged(mem: SharedAccess, word: number, value: number): number {
  for (let looks = 0; ; mem.pause(word, value)) {
    looks += mem.spinWhile(word, value);
    if (mem.atomicLoad32(word) !== value) return looks;
  }
}
