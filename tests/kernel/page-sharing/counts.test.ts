import { closeSync, openSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { formOf } from '../../../kernel/config.js';
import { KernelPanic } from '../../../kernel/kernel-panic.js';
import { freeLists } from '../../../kernel/memory/free-lists.js';
import { countingSchemes } from '../../../kernel/page-sharing/counts/schemes.js';
import { designs } from '../../../kernel/page-sharing/designs.js';
import { frameNumber } from '../../../kernel/page-sharing/entries.js';
import { Sys } from '../../../kernel/trap/syscall.js';
import { ptePa } from '../../../src/isa/sv39.js';
import { leafEntry } from '../../../src/isa/sv39-walk.js';
import { ExplorePool } from '../../support/explore-pool.js';
import { DATA, KernelMachine } from '../../support/kernel-machine.js';
import { sampled } from '../../support/long-form.js';
import { stressMachine } from '../../support/stress-machine.js';

/** The long form is bench/soundness --refs --freelist. */
const SCHEDULES = 20;
const SCENARIOS = ['fault-exit', 'fork-exit', 'take-all'];

const counted = designs.flatMap(({ name, countedBy }) => (countedBy ? [name] : []));
const schemes = countingSchemes.map(({ name }) => name);
const pairs = counted.flatMap((design) => schemes.map((refs) => [design, refs] as const));

const pool = new ExplorePool();
const nowhere = openSync('/dev/null', 'w');
afterAll(async () => {
  closeSync(nowhere);
  await pool.close();
});

/** Parent and child on a hart each. */
function family(design: string, refs: string): KernelMachine {
  const machine = KernelMachine.booted({ harts: 2, design, refs });
  machine.call(0, Sys.fork);
  machine.interrupt(1);
  return machine;
}

const frameOf = (machine: KernelMachine, hart: number) => ptePa(leafEntry(machine.ram, machine.pagetable(hart), DATA));

/** What the ledger takes for the count of the frame. */
function countOf({ ram, layout, config }: KernelMachine, pa: number): number {
  return formOf(config).counts!.count(ram, layout, pa);
}

describe.each(pairs)('%s with counts kept by %s', (design, refs) => {
  it('counts sharers, and frees the frame when the last one leaves', () => {
    const machine = family(design, refs);
    const shared = frameOf(machine, 0);
    expect(frameOf(machine, 1)).toBe(shared);
    expect(countOf(machine, shared)).toBe(2);
    machine.userStore(1, DATA, 11);
    expect(countOf(machine, shared)).toBe(1);
    expect(countOf(machine, frameOf(machine, 1))).toBe(1);
    machine.userStore(0, DATA, 10);
    expect(countOf(machine, shared)).toBe(0);
    expect([machine.userLoad(0, DATA), machine.userLoad(1, DATA)]).toEqual([10, 11]);
    machine.call(1, Sys.exit, 0);
    expect(machine.violations()).toEqual([]);
  });

  it('has a count that the ledger misses when it is wrong, and panics below 0', () => {
    const machine = family(design, refs);
    const shared = frameOf(machine, 0);
    const counts = machine.kernel.parts.counts!;
    expect(counts.decrement(shared)).toBe(1);
    expect(machine.violations()).toEqual([expect.stringContaining('count 1, but mapped by pid 1')]);
    expect(counts.decrement(shared)).toBe(0);
    expect(() => counts.decrement(shared)).toThrow(KernelPanic);
  });
});

describe.each(countingSchemes.map((scheme) => [scheme.name, scheme] as const))('%s', (_, scheme) => {
  const FRAMES = 200;
  const places = scheme.places(FRAMES);

  it('knows whose count lies where', () => {
    const counts = Array.from({ length: FRAMES }, (_, frame) => places.countOf(frame));
    expect(new Set(counts).size).toBe(FRAMES);
    for (const [frame, offset] of counts.entries()) {
      expect(places.frameAt(offset)).toBe(frame);
      expect(offset + 4).toBeLessThanOrEqual(places.type.size);
    }
    for (const offset of [-4, 1, places.type.size]) expect(places.frameAt(offset)).toBeUndefined();
  });

  it('guards every count by one of its locks, or none', () => {
    const guards = new Set(Array.from({ length: FRAMES }, (_, frame) => places.lockOf(frame)));
    expect([...guards].filter((lock) => lock !== undefined).toSorted((a, b) => a - b)).toEqual(places.locks);
    const locks = { 'one-lock': 1, striped: 64, 'per-page': FRAMES, atomic: 0 };
    expect(places.locks).toHaveLength(locks[scheme.name as keyof typeof locks]);
  });
});

it('reports name counts and locks of a scheme', () => {
  const names = schemes.map((refs) => {
    const { layout, config } = KernelMachine.booted({ refs });
    const { counting, counts } = formOf(config);
    const frame = frameNumber(layout.firstFrame);
    const address = layout.sharing + counting!.places(512).countOf(frame);
    const lock = counts!.guardOf!(layout)(address);
    return [layout.symbols.describe(address), lock && layout.symbols.describe(lock)].map((name) =>
      name?.toString().replace(/\[\d+\]/, '[N]'),
    );
  });
  expect(names).toEqual([
    ['pgMap.count[N]', 'pgMap.lock.locked'],
    ['pgMap.count[N]', 'pgMap.stripe[N].locked'],
    ['pgMap[N].count', 'pgMap[N].lock.locked'],
    ['pgMap[N]', undefined],
  ]);
});

describe('nothing is held against any of them under control', () => {
  const chosen = [
    ...schemes.map((refs) => ({ refs })),
    ...freeLists.map(({ name }) => ({ refs: 'atomic', freelist: name })),
    { freelist: 'per-hart' },
  ];
  it.each(sampled(chosen, 3))('%o', async (choices) => {
    for (const scenario of SCENARIOS) {
      const machine = pool.machine(scenario, 'page-map-lock', null, choices);
      const { schedules, failures, advice } = await machine.batch('random', 3, 0, SCHEDULES);
      expect({ schedules, failures, advice }).toEqual({ schedules: SCHEDULES, failures: [], advice: [] });
    }
  });
});

describe('the books balance on four real threads', () => {
  it.each(sampled(schemes, 4))('%s, and a free list for each hart', async (refs) => {
    const kernel = {
      design: 'page-map-lock',
      form: 'sound',
      bug: null,
      refs,
      freelist: 'per-hart',
      processes: 16,
    } as const;
    const machine = stressMachine({ harts: 4, kernel, argv: ['forkwrite', '4', '20', '8'], consoleFd: nowhere });
    await machine.run();
    const { summary, status, failures } = machine.report();
    expect({ status, failures, ok: summary.ok }).toEqual({ status: 0, failures: [], ok: true });
  });
});
