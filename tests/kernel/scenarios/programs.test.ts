import { afterAll, describe, expect, it } from 'vitest';
import { choicesIn } from '../../../src/explore/interleaving-rows.js';
import { Question } from '../../../src/memory/access.js';
import { isAtomic, Op, Order, type TraceEvent } from '../../../src/memory/trace-event.js';
import { type Plan, plainPlan } from '../../../src/schedule/plan.js';
import { random } from '../../../src/schedule/random.js';
import { ExplorePool } from '../../support/explore-pool.js';
import { isLongForm } from '../../support/long-form.js';
import { OwnExplorer } from '../../support/own-explorer.js';

/** So many are enough for random to come to each of these failures. */
const SCHEDULES = 200;
const SC = Question.StoreConditionalFails;

describe('a program that counts by lr and sc in a page that fork shares', async () => {
  const own = new OwnExplorer('fork-count', 'page-map-lock');
  afterAll(() => own.close());
  const { explorer } = own;
  const run = (plan: Plan) => {
    const { result, judgement } = explorer.run(plan);
    return { result, judgement, trace: [...explorer.machine.trace()], memory: explorer.machine.memoryHash() };
  };
  const failing = (nth: number): Plan => ({ ...plainPlan(2), answers: [{ question: SC, nth, answer: 1 }] });
  const asked = explorer.facts.asked[SC]!;

  it('asks the schedule before every sc that would succeed: two rounds of three increments', () => {
    expect(asked).toBe(6);
  });

  it('tries again when the schedule has an sc fail, whichever it is, and counts right', () => {
    const plain = run(plainPlan(2));
    for (let nth = 0; nth < asked; nth++) {
      const { judgement, trace } = run(failing(nth));
      expect(choicesIn(trace)).toEqual([expect.stringMatching(/^sc fails on hart [01]$/)]);
      expect(reservations(trace)).toBeGreaterThan(reservations(plain.trace));
      expect(judgement.failures).toEqual([]);
    }
  });

  it('does the same again when the same sc fails', () => {
    expect(run(failing(3))).toEqual(run(failing(3)));
  });

  it('meets failing sc in the plans of random', () => {
    const plans = Array.from({ length: 50 }, (_, index) => random.plan(explorer.facts, 1, index));
    expect(plans.some(({ answers }) => answers.some(({ question }) => question === SC))).toBe(true);
  });

  it('fails an sc without asking when the page has been copied since the lr', () => {
    const { trace } = run(plainPlan(2));
    const user = trace.filter(({ op, size }) => (op === Op.Load || isAtomic(op)) && size === 8);
    // After the fork: lr from the shared frame; sc, which faults and fails in the copy, where it only reads; lr and sc in the copy.
    const copies = trace.filter(({ op, size }) => op === Op.BulkWrite && size === 4096).map(({ address }) => address);
    const pattern = user.findIndex(
      ({ op, address, hart }, i) =>
        op === Op.AtomicLoad &&
        user[i + 1]?.hart === hart &&
        user[i + 1]!.op === Op.AtomicLoad &&
        user[i + 1]!.address !== address &&
        copies.includes(user[i + 1]!.address) &&
        user[i + 2]?.op === Op.AtomicLoad &&
        user[i + 3]?.op === Op.AtomicUpdate &&
        user[i + 3]!.address === user[i + 1]!.address,
    );
    expect(pattern).toBeGreaterThanOrEqual(0);
  });
});

/** How often user code has executed an lr. */
function reservations(trace: readonly TraceEvent[]): number {
  return trace.filter(({ op, order }) => op === Op.AtomicLoad && order !== Order.Sequential).length;
}

describe('observers see what real programs store', () => {
  const pool = new ExplorePool();
  afterAll(() => pool.close());

  const cases = [
    ['fork-write', 'fork-without-flush'],
    ['fork-count', 'flush-on-new-table'],
  ] as const;
  it.runIf(isLongForm).each(cases)('%s with %s: the report names the stale store', async (scenario, bug) => {
    const machine = pool.machine(scenario, 'page-map-lock', bug);
    const { failures } = await machine.batch('random', 1, 0, SCHEDULES);
    const stale = failures.find(({ kind, summary }) => kind === 'stale-tlb' && summary.includes('stores to'));
    expect(stale).toBeDefined();
    const explanation = await machine.explain(stale!);
    expect(explanation!.summary).toMatch(
      /^pid \d+ on hart [01] stores to 0x\w+ by a cached translation of 0x\w+ that the page table no longer grants$/,
    );
    const texts = explanation!.rows.map((row) => (row.kind === 'access' ? row.text : ''));
    const stores = texts.filter((text, i) => {
      return (
        /^userCode: (store|atomic update) frame 0x\w+/.test(text) && texts[i + 1]?.includes('was cached, and is stale')
      );
    });
    expect(stores).not.toEqual([]);
    expect(explanation!.minimal).toBe(true);
  });

  it('and a failing sc that the failure does not need goes when it is shrunk', async () => {
    const machine = pool.machine('fork-count', 'page-map-lock', 'fork-without-flush');
    const { failures } = await machine.batch('pct', 1, 0, 1);
    const plan = { ...plainPlan(2), unit: 'own', answers: [{ question: SC, nth: 0, answer: 1 }] } as const;
    const explanation = await machine.explain({ ...failures[0]!, plan });
    expect(explanation).toMatchObject({ choices: [], preemptions: 0, minimal: true });
  });

  it.runIf(isLongForm)('and a choice that the failure does need stays, with its hart', async () => {
    const machine = pool.machine('fork-count', 'page-map-lock', 'save-after-unlock');
    const { failures } = await machine.batch('random', 1, 0, SCHEDULES);
    const explanation = await machine.explain(failures[0]!);
    expect(explanation!.choices).toContainEqual(expect.stringMatching(/^the timer fires on hart [01]$/));
    expect(explanation!.minimal).toBe(true);
  });
});
