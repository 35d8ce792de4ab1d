import { describe, expect, it } from 'vitest';
import { designs } from '../../../kernel/page-sharing/designs.js';
import { Sys } from '../../../kernel/trap/syscall.js';
import { Next } from '../../../src/hart/trap-handler.js';
import { END, KernelMachine, type Options } from '../../support/kernel-machine.js';
import { sampled } from '../../support/long-form.js';
import { meddle } from '../../support/meddle.js';

/** Parent on hart 0, child on hart 1, grandchildren runnable; all share a heap of one page that holds 1. */
function sharers(options: Options, children: number): KernelMachine {
  const machine = KernelMachine.booted({ harts: 2, processes: 8, ...options });
  machine.result(0, Sys.sbrk, 4096);
  machine.userStore(0, END, 1);
  for (let child = 0; child < children; child++) machine.result(0, Sys.fork);
  expect(machine.interrupt(1)).toBe(Next.Run);
  return machine;
}

type Act = (machine: KernelMachine, hart: number) => void;
const acts = {
  write: (machine, hart) => machine.userStore(hart, END, 10 + hart),
  exit: (machine, hart) => machine.call(hart, Sys.exit, 0),
  fork: (machine, hart) => machine.call(hart, Sys.fork),
  shrink: (machine, hart) => machine.call(hart, Sys.sbrk, -4096),
} satisfies Record<string, Act>;
type ActName = keyof typeof acts;

/** Of so many duels each design has one, in the short form. */
const TAKES_TURNS = 5;
/** With the number of children, of which one plays. */
const duels: readonly (readonly [ActName, ActName, number])[] = [
  ['write', 'write', 1],
  ['write', 'write', 2],
  ['write', 'exit', 1],
  ['write', 'exit', 2],
  ['write', 'fork', 1],
  ['fork', 'write', 1],
  ['fork', 'exit', 1],
  ['fork', 'fork', 1],
  ['shrink', 'write', 1],
  ['shrink', 'exit', 1],
  ['shrink', 'exit', 2],
];

/** What is wrong after `first` on hart 0 with `second` on hart 1 in the middle of it, wherever that is. */
function outcome(options: Options, children: number, first: ActName, second: ActName) {
  const machine = sharers(options, children);
  const seen = (act: ActName, hart: number) => (act === 'write' ? 10 + hart : act === 'shrink' ? undefined : 1);
  return meddle(
    machine,
    () => acts[first](machine, 0),
    () => acts[second](machine, 1),
    () => {
      const wrong = [...machine.violations()];
      for (const [hart, act] of [first, second].entries()) {
        if (act === 'exit') continue;
        const value = machine.userLoad(hart, END);
        if (value !== seen(act, hart)) wrong.push(`hart ${hart} sees ${value} after its ${act}`);
      }
      return wrong;
    },
  );
}

describe.each(designs.map(({ name }, number) => [name, number] as const))('%s, sound', (design, number) => {
  it.each(sampled(duels, TAKES_TURNS, number))(
    'holds when one sharer’s %s is interrupted anywhere by another’s %s (%i children)',
    (first, second, children) => {
      const { runs, wrong } = outcome({ design }, children, first, second);
      expect(wrong).toEqual([]);
      expect(runs).toBeGreaterThan(0);
    },
  );
});

/** Where the published form of a design is wrong: who has to meet whom, and what comes of it. */
const flaws: readonly (readonly [string, ActName, ActName, number, RegExp])[] = [
  // Lost updates: fewer references than mappings, more, and one that nobody is left to drop.
  ['mapped-count', 'shrink', 'fork', 1, /count 1, but mapped by pid 2 at 0x5000 and pid 3 at 0x5000/],
  ['mapped-count', 'fork', 'exit', 1, /count 3, but mapped by pid 1 at 0x0 and pid 3 at 0x0/],
  ['mapped-count', 'write', 'write', 1, /is lost: no mapping, not free, count 1/],
  // Between decrement and look: both see 0.
  ['page-map-lock', 'write', 'write', 1, /is on the free list twice/],
  ['page-map-lock', 'shrink', 'exit', 1, /is on the free list twice/],
  // Between the look for the last sharer and the store to its entry: it has forked, and it has its own copy.
  ['hidden-write', 'write', 'fork', 1, /is shared, yet writable: mapped by pid 2 at 0x5000 \(writable\) and pid 3/],
  ['hidden-write', 'write', 'write', 1, /is on the free list and mapped by pid 2 at 0x5000 \(writable\)/],
  // Between the look at a list and the store to it: a mapping that is gone stays on it, one that is new is lost.
  ['core-map', 'write', 'write', 2, /is said to be mapped by pid 2 .* and pid 3 at 0x5000, but is by pid 3 at 0x5000/],
  ['core-map', 'shrink', 'fork', 1, /is said to be mapped by pid 2 at 0x5000, but is by pid 2 .* and pid 3 at 0x5000/],
  // And one node for two segments.
  ['core-map', 'fork', 'fork', 1, /pid 4 has a page at 0x0, where it has no segment/],
];

describe.each(flaws)('%s, published', (design, first, second, children, symptom) => {
  it(`breaks when one sharer’s ${first} is interrupted by another’s ${second}`, () => {
    const { wrong } = outcome({ design, form: 'published' }, children, first, second);
    expect(wrong.join('\n')).toMatch(symptom);
  });
});
