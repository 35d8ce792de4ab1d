import { afterAll, describe, expect, it } from 'vitest';
import { system } from '../../../kernel/layout.js';
import { clh } from '../../../kernel/locks/clh.js';
import { lockFamilies } from '../../../kernel/locks/families.js';
import { mcs } from '../../../kernel/locks/mcs.js';
import { spinlock } from '../../../kernel/locks/spinlock.js';
import { ticket } from '../../../kernel/locks/ticket.js';
import type { HostedSubject } from '../../../kernel/scenarios/hosted-subject.js';
import { KernelEvent } from '../../../src/memory/access.js';
import { Op, type TraceEvent } from '../../../src/memory/trace-event.js';
import { strategyNamed } from '../../../src/schedule/strategies.js';
import { ExplorePool } from '../../support/explore-pool.js';
import { fuzzing } from '../../support/fuzzing.js';
import { sampled } from '../../support/long-form.js';
import { OwnExplorer } from '../../support/own-explorer.js';

/** A still longer form is bench/soundness --lock. */
const { rounds: SCHEDULES, timeout } = fuzzing(25);
const DESIGN = 'page-map-lock';
const families = lockFamilies.map(({ name }) => name);

const pool = new ExplorePool();
afterAll(() => pool.close());

describe.each(sampled(families, 2))('%s under control', { timeout }, (lock) => {
  it.each(['three-at-a-lock', 'fork-exit'])('holds in every schedule of %s', async (scenario) => {
    const { schedules, failures, advice } = await pool
      .machine(scenario, DESIGN, null, { lock })
      .batch('random', 1, 0, SCHEDULES);
    expect({ schedules, failures, advice }).toEqual({ schedules: SCHEDULES, failures: [], advice: [] });
  });

  it('has who waits for whom in the report of a deadlock', async () => {
    const { failures } = await pool
      .machine('grow-shrink', DESIGN, 'lock-order', { lock })
      .batch('random', 1, 0, SCHEDULES);
    const deadlock = failures.find(({ kind }) => kind === 'deadlock');
    expect(deadlock?.summary).toMatch(
      /^hart 0 waits for (pgMap|kmem)\.lock\.\w+, which hart 1 holds; hart 1 waits for (?!\1)(pgMap|kmem)\.lock\.\w+, which hart 0 holds$/,
    );
  });
});

/** Whether the event is a hart's coming to the lock, after which the order is fixed. */
type Arrival = (event: TraceEvent, lock: number) => boolean;

const { next, tail } = spinlock.fields;
const joinsQueue: Arrival = ({ op, address, after, value }, lock) =>
  op === Op.AtomicUpdate && address === tail.at(lock) && after !== 0 && after !== value;
const arrivals: readonly [string, Arrival][] = [
  [ticket.name, ({ op, address }, lock) => op === Op.AtomicUpdate && address === next.at(lock)],
  [mcs.name, joinsQueue],
  [clh.name, joinsQueue],
];

describe('first come, first served', { timeout }, () => {
  it.each(sampled(arrivals, arrivals.length))('%s', async (name, arrives) => {
    const own = new OwnExplorer('three-at-a-lock', DESIGN, null, name);
    const { machine } = own.explorer;
    const lock = system.fields.pidLock.at((machine.subject as HostedSubject).stage.layout.system);
    let waits = 0;
    for (let schedule = 0; schedule < SCHEDULES / 3; schedule++) {
      own.explorer.batch(strategyNamed('random'), 1, schedule, 1);
      const [came, taken]: [number[], number[]] = [[], []];
      machine.trace().show((event) => {
        if (arrives(event, lock)) came.push(event.hart);
        if (event.note === KernelEvent.LockAcquired && event.address === lock) taken.push(event.hart);
        if (came.length > taken.length + 1) waits++;
      }, false);
      expect(taken).toEqual(came);
    }
    expect(waits).toBeGreaterThan(0);
    await own.close();
  });
});
