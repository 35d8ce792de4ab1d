import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { DEFAULT_LOCK } from '../kernel/locks/families.js';
import { DEFAULT_FREE_LIST } from '../kernel/memory/free-lists.js';
import { oneFreeList } from '../kernel/memory/one-free-list.js';
import { OWN_COUNTS } from '../kernel/page-sharing/counts/schemes.js';
import { designs } from '../kernel/page-sharing/designs.js';
import type { SharingDesign } from '../kernel/page-sharing/page-sharing.js';
import { scenarios } from '../kernel/scenarios/scenarios.js';
import { textTable } from '../src/report/table.js';
import { strategies } from '../src/schedule/strategies.js';
import { hostedExploration } from '../tests/support/find-bug.js';

/**
 * Whether anything is held against a sound kernel: a line for each report, and a table of how many schedules of each
 * scenario had none. Exit status 1 when there is a report: it is a mistake in the kernel or a false alarm.
 *
 * `node dist/bench/soundness.js [--schedules N] [--seed N] [--scenario NAME]… [--design NAME]… [--lock NAME] [--refs NAME] [--freelist NAME] [--oracle] [--ledger FILE]… [--table]`
 *
 * Comes to N in rounds, each ten times as long as the one before, the quickest scenarios first. With a ledger it goes on
 * from where an earlier run of the same kernel, observers and oracle ended (all ledgers are read, the first is written);
 * `--table` only prints what they hold.
 */
const { values } = parseArgs({
  options: {
    schedules: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    scenario: { type: 'string', multiple: true },
    design: { type: 'string', multiple: true },
    lock: { type: 'string', default: DEFAULT_LOCK.name },
    refs: { type: 'string', default: OWN_COUNTS.name },
    freelist: { type: 'string', default: DEFAULT_FREE_LIST.name },
    ledger: { type: 'string', multiple: true, default: [] },
    oracle: { type: 'boolean', default: false },
    table: { type: 'boolean', default: false },
  },
});
const wanted = Number(values.schedules);
const seed = Number(values.seed);
const { lock, refs, freelist } = values;
const FIRST_ROUND = 100;
/** Schedules of one piece of work: what is lost at most when the run is cut short. */
const PIECE = 1000;

interface Place {
  readonly scenario: string;
  readonly design: string;
}
interface Done {
  schedules: number;
  reports: number;
  seconds: number;
}
/** One piece of work: a line of the ledger file, as JSON. */
interface Entry extends Done {
  readonly scenario: string;
  readonly design: string;
  readonly strategy: string;
  readonly seed: number;
  /** Ledgers of before there was a choice have none. */
  readonly lock?: string;
  readonly refs?: string;
  readonly freelist?: string;
}

const done = new Map<string, Done>();
const keyOf = ({ scenario, design }: Place, strategy: string) => `${scenario} ${design} ${strategy}`;
const doneOf = (place: Place, strategy: string): Done =>
  done.get(keyOf(place, strategy)) ?? { schedules: 0, reports: 0, seconds: 0 };

function enter(entry: Entry): void {
  const key = keyOf(entry, entry.strategy);
  const before = done.get(key) ?? { schedules: 0, reports: 0, seconds: 0 };
  done.set(key, {
    schedules: before.schedules + entry.schedules,
    reports: before.reports + entry.reports,
    seconds: before.seconds + entry.seconds,
  });
}

function isOfThisKernel(entry: Entry): boolean {
  return (
    (entry.lock ?? DEFAULT_LOCK.name) === lock &&
    (entry.refs ?? OWN_COUNTS.name) === refs &&
    (entry.freelist ?? DEFAULT_FREE_LIST.name) === freelist
  );
}

const [ledger] = values.ledger;
for (const file of values.ledger.filter(existsSync))
  for (const line of readFileSync(file, 'utf8').trimEnd().split('\n')) {
    const entry = JSON.parse(line) as Entry;
    if (entry.seed === seed && isOfThisKernel(entry)) enter(entry);
  }

const chosen = <T extends { readonly name: string }>(all: readonly T[], names: readonly string[] | undefined) =>
  all.filter(({ name }) => names?.includes(name) ?? true);
/** Whether the counting scheme and the free lists are for the design. */
function canHave({ forms, countedBy }: SharingDesign): boolean {
  if (refs !== OWN_COUNTS.name) return countedBy !== undefined;
  return freelist === oneFreeList.name || forms.sound.oneFreeList !== true;
}
const places: Place[] = chosen(scenarios, values.scenario).flatMap(({ name: scenario }) =>
  chosen(designs.filter(canHave), values.design).map(({ name: design }) => ({ scenario, design })),
);

/** Up to `target` schedules of each strategy at one place. */
async function bring(place: Place, target: number): Promise<void> {
  const { scenario, design } = place;
  const exploration = hostedExploration({ scenario, design, lock, refs, freelist }, values.oracle);
  for (const { name: strategy } of strategies)
    for (let first = doneOf(place, strategy).schedules; first < target; first += PIECE) {
      const started = performance.now();
      const result = await exploration.batch(strategy, seed, first, Math.min(PIECE, target - first));
      const seconds = (performance.now() - started) / 1000;
      const found = [...result.failures, ...result.advice];
      for (const { schedule, signature } of found)
        process.stdout.write(`${scenario}, design ${design}, ${strategy} ${schedule}: ${signature}\n`);
      const { schedules } = result;
      const entry: Entry = {
        scenario,
        design,
        strategy,
        seed,
        lock,
        refs,
        freelist,
        schedules,
        reports: found.length,
        seconds,
      };
      enter(entry);
      if (ledger !== undefined) appendFileSync(ledger, `${JSON.stringify(entry)}\n`);
    }
  await exploration.close();
}

function cost(scenario: string): number {
  const all = places.filter((place) => place.scenario === scenario);
  const each = all.flatMap((place) => strategies.map(({ name }) => doneOf(place, name)));
  return sum(each.map(({ seconds }) => seconds)) / Math.max(1, sum(each.map(({ schedules }) => schedules)));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0);
}

for (let round = FIRST_ROUND, before = 0; !values.table && before < wanted; before = round, round *= 10) {
  const target = Math.min(round, wanted);
  for (const place of places.toSorted((a, b) => cost(a.scenario) - cost(b.scenario)))
    if (strategies.some(({ name }) => doneOf(place, name).schedules < target)) await bring(place, target);
}

const names = [...new Set(places.map(({ scenario }) => scenario))];
const rows = names.map((scenario) => {
  const here = places.filter((place) => place.scenario === scenario);
  const cells = strategies.map(({ name }) => {
    const each = here.map((place) => doneOf(place, name).schedules);
    return Math.min(...each) === Math.max(...each) ? `${each[0]}` : `${Math.min(...each)} to ${Math.max(...each)}`;
  });
  const reports = sum(here.flatMap((place) => strategies.map(({ name }) => doneOf(place, name).reports)));
  if (reports > 0) process.exitCode = 1;
  return [scenario, ...cells, (cost(scenario) * 1e6).toFixed(0), reports === 0 ? 'none' : String(reports)];
});
const heads = ['scenario', ...strategies.map(({ name }) => name), 'µs each', 'reports'];
process.stdout.write(`Schedules in each of the ${new Set(places.map((p) => p.design)).size} designs:\n`);
process.stdout.write(`${textTable(heads, rows)}\n`);
