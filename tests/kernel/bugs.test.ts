import { afterAll, describe, expect, it } from 'vitest';
import type { Bug } from '../../kernel/bugs/bug.js';
import { bugs } from '../../kernel/bugs/bugs.js';
import { designs } from '../../kernel/page-sharing/designs.js';
import { scenarios } from '../../kernel/scenarios/scenarios.js';
import type { FoundFailure } from '../../src/explore/explorer.js';
import { strategies } from '../../src/schedule/strategies.js';
import { type ExploredMachine, ExplorePool } from '../support/explore-pool.js';
import { expectedReport } from '../support/find-bug.js';
import { DATA, KernelMachine } from '../support/kernel-machine.js';
import { sampled } from '../support/long-form.js';

/** Schedules by each strategy, one seed: the long form is bench/corpus. */
const SCHEDULES = 2000;
/** A batch is as long as all before it together, up to this: most bugs are met at once. */
const LARGEST_BATCH = 50;
const REPLAYS = 5;
/** Of so many bugs the short form explains one. */
const EXPLAINED = 20;
const MOST_PREEMPTIONS = 4;
/** Schedules that a bug without harm may not do harm in. */
const HARMLESS = 200;

const pool = new ExplorePool();
afterAll(() => pool.close());

/** The first of the bug's designs, in the scenario that shows it best. */
function machineOf(bug: Bug): ExploredMachine {
  return pool.machine(bug.scenario, bug.designs[0]!, bug.name);
}

/** The first expected failure that any strategy meets, strategies taking turns batch by batch. */
async function firstFailure(machine: ExploredMachine, bug: Bug): Promise<FoundFailure | undefined> {
  for (let first = 0; first < SCHEDULES; ) {
    const batch = Math.min(Math.max(first, 1), LARGEST_BATCH, SCHEDULES - first);
    for (const { name } of strategies) {
      const result = await machine.batch(name, 1, first, batch);
      const report = expectedReport(bug, { ...result, advice: [] });
      if (report !== undefined) return result.failures.find(({ signature }) => signature === report.signature);
    }
    first += batch;
  }
  return undefined;
}

const rows = (harmful: boolean) => bugs.filter((bug) => bug.harmful === harmful).map((bug) => [bug.name, bug] as const);

describe('the corpus', () => {
  it('has at least 25 bugs, each with its own name, in designs and a scenario that exist', () => {
    expect(bugs.length).toBeGreaterThanOrEqual(25);
    expect(new Set(bugs.map(({ name }) => name)).size).toBe(bugs.length);
    for (const bug of bugs) {
      expect(scenarios.map(({ name }) => name)).toContain(bug.scenario);
      expect(bug.designs.length).toBeGreaterThan(0);
      for (const design of bug.designs) expect(designs.map(({ name }) => name)).toContain(design);
    }
  });

  it('covers each of the 16 mistakes that the five authors wrote down', () => {
    const covered = new Set(bugs.flatMap(({ source }) => source?.mistake ?? []));
    expect([...covered].toSorted((a, b) => a - b)).toEqual(Array.from({ length: 16 }, (_, i) => i + 1));
  });
});

describe('a harmful bug is found, and fails every time with the same memory', () => {
  it.each(sampled(rows(true), 5))('%s', async (_, bug) => {
    const machine = machineOf(bug);
    const failure = await firstFailure(machine, bug);
    expect(failure).toBeDefined();
    const replay = await machine.replay(failure!, REPLAYS);
    expect(replay.failed).toBe(REPLAYS);
    expect(replay.memoryHashes.length).toBe(1);
  });
});

describe('a harmful bug is shown to need at most 4 preemptions, each of them', () => {
  it.each(sampled(rows(true), EXPLAINED))('%s', async (_, bug) => {
    const machine = machineOf(bug);
    const explanation = await machine.explain((await firstFailure(machine, bug))!);
    expect(explanation).toMatchObject({ harmful: true, minimal: true });
    expect(explanation!.preemptions).toBeLessThanOrEqual(MOST_PREEMPTIONS);
  });
});

describe('a bug without harm is reported as expected, and never as harm', () => {
  it.each(sampled(rows(false), 4))('%s', async (_, bug) => {
    const machine = machineOf(bug);
    const reported = new Set<string>();
    for (const { name } of strategies) {
      const result = await machine.batch(name, 1, 0, HARMLESS);
      expect(result.firstHarm).toBeNull();
      for (const { kind } of [...result.failures, ...result.advice]) reported.add(kind);
    }
    expect([...reported].toSorted()).toEqual(bug.expected.toSorted());
  });

  it('both-copy: the last sharer copies what it could have kept, and statistics tell', () => {
    const needless = (bug: string | null) => {
      const machine = KernelMachine.booted({ harts: 2, design: 'core-map', bug });
      machine.call(0, 1);
      machine.interrupt(1);
      machine.userStore(0, DATA, 10);
      machine.userStore(1, DATA, 11);
      return machine.statistics().needlessCopies;
    };
    expect(needless(null)).toBe(0);
    expect(needless('both-copy')).toBe(1);
  });
});
