import { MAX_HARTS } from '../memory/map.js';
import type { HartTurns, PendingAccess } from './hart-turns.js';
import type { Policy, PolicyWords } from './policy.js';
import { chosenAnswers } from './random.js';
import { RandomNumbers } from './random-numbers.js';
import type { Strategy } from './strategy.js';

/** The policy's words: a priority for the next access of each hart (0: none drawn yet), how many were drawn, and the access that was let pass last. */
const DRAWN = MAX_HARTS;
const LAST_ADDRESS = MAX_HARTS + 1;
const LAST_BYTES = MAX_HARTS + 2;
const LAST_WRITES = MAX_HARTS + 3;

/**
 * Partial order sampling (Yuan, Yang and Gu, CAV 2018): the next access of every hart has a random priority, the highest
 * goes first, and accesses that raced with it are drawn anew. Runs that differ only in the order of accesses that do not
 * depend on one another are about as likely as any other, however many such orders there are.
 */
export const posPolicy: Policy = {
  name: 'pos',
  keepsTime: false,
  begin(_choice, words): void {
    words.clear();
  },
  choose(hart: number, access: PendingAccess, harts: HartTurns, words: PolicyWords): number {
    // Its access before this one has passed. The priority of one that was not known yet was drawn for this one.
    if (harts.pending(hart).bytes > 0) words.set(hart, draw(words));
    const others = harts.ableOthers(hart);
    for (const other of others) if (racesWithLast(harts.pending(other), words)) words.set(other, draw(words));
    const chosen = highest([hart, ...others], words);
    remember(chosen === hart ? access : harts.pending(chosen), words);
    return chosen;
  },
  successor(hart: number, harts: HartTurns, words: PolicyWords): number | undefined {
    const able = harts.ableOthers(hart);
    if (able.length === 0) return undefined;
    words.set(LAST_BYTES, 0);
    return highest(able, words);
  },
};

export const pos: Strategy = {
  name: 'pos',
  summary: 'partial order sampling: random priorities for accesses to contended words, drawn anew after a race',
  plan(facts, seed, index) {
    const numbers = new RandomNumbers(seed, index);
    const preference = numbers.shuffled(Array.from({ length: facts.harts }, (_, hart) => hart));
    const policy = { name: posPolicy.name, seed: numbers.word() };
    return {
      preference,
      unit: 'contended',
      switches: [],
      strict: false,
      answers: chosenAnswers(facts, numbers),
      policy,
    };
  },
};

function highest(candidates: readonly number[], words: PolicyWords): number {
  let best = candidates[0]!;
  for (const hart of candidates) {
    if (words.get(hart) === 0) words.set(hart, draw(words));
    if (words.get(hart) > words.get(best)) best = hart;
  }
  return best;
}

/** Not 0. */
function draw(words: PolicyWords): number {
  const drawn = words.get(DRAWN);
  words.set(DRAWN, drawn + 1);
  return new RandomNumbers(words.seed, drawn).word() || 1;
}

function remember({ address, bytes, writes }: PendingAccess, words: PolicyWords): void {
  words.set(LAST_ADDRESS, address);
  words.set(LAST_BYTES, bytes);
  words.set(LAST_WRITES, writes ? 1 : 0);
}

function racesWithLast({ address, bytes, writes }: PendingAccess, words: PolicyWords): boolean {
  const last = words.get(LAST_ADDRESS);
  const overlap = address < last + words.get(LAST_BYTES) && last < address + bytes;
  return overlap && (writes || words.get(LAST_WRITES) === 1);
}
