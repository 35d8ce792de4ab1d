import { expect, it } from 'vitest';
import { Exit } from '../../src/hart/engine.js';
import { compileInterpreter } from '../../src/interpreter/compile-interpreter.js';
import { counterDistance, entryDistance } from '../../src/interpreter/entry.js';
import { Cause } from '../../src/isa/causes.js';
import { PAGE_SIZE } from '../../src/isa/sv39.js';
import { HOTNESS_COUNTERS, Watch } from '../../src/memory/map.js';
import { createEngine, type EngineChoice } from '../../src/translator/engines.js';
import { Guest } from '../support/guest.js';

const EAGER: EngineChoice = { name: 'translator', threshold: 2 };
const INTERPRETER: EngineChoice = { name: 'interpreter' };
const [S0, A0] = [8, 10];
const module = compileInterpreter();

function runTo(guest: Guest, label: string): bigint {
  guest.hart.pc = guest.at(label);
  expect(guest.run()).toBe(Exit.Trap);
  expect(guest.hart.cause).toBe(Cause.Breakpoint);
  return guest.hart.getX(A0);
}

/** Two loops; the second begins with a branch, forwards and in its page. */
const LOOPS = `
  first: li a0,0\nli t0,10\nagain: addi a0,a0,1\naddi t0,t0,-1\nbnez t0,again\nebreak
  second: li a0,0\nli t0,10\nj top
  top: beqz t0,done\naddi a0,a0,2\nsd a0,0(s0)\naddi t0,t0,-1\nj top
  done: ebreak`;

function loops(): Guest {
  const guest = new Guest(1, EAGER);
  guest.load(LOOPS);
  guest.hart.setX(S0, guest.at('first') + BigInt(PAGE_SIZE));
  return guest;
}

it.each([EAGER, INTERPRETER])('a new engine ($name) knows nothing of what another has translated', (choice) => {
  const guest = loops();
  expect(runTo(guest, 'first')).toBe(10n);
  expect(runTo(guest, 'second')).toBe(20n);
  const { hart, memory } = guest;
  const engine = createEngine(choice, module)(memory, hart.map);
  for (const [label, sum] of [
    ['second', 20n],
    ['first', 10n],
  ] as const) {
    hart.pc = guest.at(label);
    hart.budget = 1000;
    expect(engine.run()).toBe(Exit.Trap);
    expect(hart.cause).toBe(Cause.Breakpoint);
    expect(hart.getX(A0)).toBe(sum);
  }
});

it('a hart that is watched from now on interprets what was translated, from its first instruction on', () => {
  const guest = loops();
  const { hart } = guest;
  expect(runTo(guest, 'second')).toBe(20n);
  hart.watch = Watch.Announce;
  hart.pc = guest.at('second');
  let announced = 0;
  for (; guest.run() === Exit.Access; announced++) {
    hart.watch = Watch.CarryOut;
    hart.budget = 1;
    hart.engine.run();
    hart.watch = Watch.Announce;
  }
  expect([announced, hart.cause, hart.getX(A0)]).toEqual([10, Cause.Breakpoint, 20n]);
});

it('an interpreter goes on when a counter of jumps is full', () => {
  const guest = new Guest(1, INTERPRETER);
  guest.load(LOOPS);
  const { host } = guest.memory;
  const { block } = guest.hart.map;
  for (let counter = 0; counter < HOTNESS_COUNTERS; counter++)
    host.store32(block + counterDistance(entryDistance(2 * counter)), 0x7fff_fffd);
  expect(runTo(guest, 'first')).toBe(10n);
});
