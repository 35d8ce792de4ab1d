import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { PACKAGE_ROOT } from '../src/memory/package-root.js';
import { textTable } from '../src/report/table.js';
import { RandomNumbers } from '../src/schedule/random-numbers.js';
import { strategies } from '../src/schedule/strategies.js';
import { coverage } from '../tests/support/mutants/coverage.js';
import { equivalents } from '../tests/support/mutants/equivalent.js';
import { huntingGrounds } from '../tests/support/mutants/hunting-grounds.js';
import { judgeMutant, type MutantVerdict } from '../tests/support/mutants/judge-mutant.js';
import {
  kernelDigest,
  type MutantState,
  readMutantState,
  saveMutantState,
} from '../tests/support/mutants/mutant-state.js';
import { MutantTree } from '../tests/support/mutants/mutant-tree.js';
import { type Mutant, mutantsOf } from '../tests/support/mutants/mutants.js';
import { allPlaces } from '../tests/support/mutants/place.js';

/**
 * The mutation score: the kernel is broken mechanically, one place at a time, and a campaign of fixed length is asked
 * whether it says so.
 *
 * `node dist/bench/mutants.js [--operator NAME]… [--file TEXT] [--limit N] [--seed N] [--schedules N] [--seconds N] [--machines N] [--state FILE] [--again] [--list] [--json]`
 *
 * `--limit` takes so many by chance. With a state it goes on from where an earlier run ended, and `--again` hunts once more
 * for those that had done no harm. After Ctrl-C it prints what there is.
 */
const { values } = parseArgs({
  options: {
    operator: { type: 'string', multiple: true },
    file: { type: 'string' },
    limit: { type: 'string' },
    seed: { type: 'string', default: '1' },
    schedules: { type: 'string', default: '600' },
    seconds: { type: 'string', default: '120' },
    machines: { type: 'string', default: String(Math.max(1, Math.floor(availableParallelism() / 2))) },
    state: { type: 'string' },
    again: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const seed = Number(values.seed);
const dist = new URL('dist/', PACKAGE_ROOT);
const hunt: MutantState['hunt'] = {
  strategies: strategies.map(({ name }) => name),
  seed,
  each: 1,
  schedules: Number(values.schedules),
};
const visits = Math.ceil(hunt.schedules / (hunt.each * hunt.strategies.length));
const reasons = new Map(equivalents.map(({ id, why }) => [id, why]));

const mutants = mutantsOf(dist);
const state = readMutantState(values.state, hunt);
const chosen = limited(mutants.filter(isWanted));

function isWanted({ operator, file }: Mutant): boolean {
  return (values.operator?.includes(operator) ?? true) && file.includes(values.file ?? '');
}

function limited(all: readonly Mutant[]): readonly Mutant[] {
  if (values.limit === undefined) return all;
  const some = new Set(new RandomNumbers(seed, 0).shuffled(all).slice(0, Number(values.limit)));
  return all.filter((mutant) => some.has(mutant));
}

async function findGrounds(): Promise<void> {
  const kernel = kernelDigest(dist);
  if (state.kernel === kernel) return;
  const places = allPlaces();
  process.stderr.write(`where is what run? ${places.length} duels\n`);
  const grounds = huntingGrounds(mutants, places, await coverage(mutants, dist), seed);
  state.grounds = Object.fromEntries(mutants.map(({ id }, i) => [id, grounds[i]!.slice(0, visits)]));
  state.kernel = kernel;
  saveMutantState(values.state, state);
}

async function judgeAll(signal: AbortSignal): Promise<void> {
  const known = ({ id }: Mutant) => state.verdicts[id];
  const left = chosen.filter((mutant) => {
    const verdict = known(mutant);
    return (
      !reasons.has(mutant.id) &&
      (verdict === undefined || (values.again && (verdict.status === 'survived' || verdict.status === 'race')))
    );
  });
  const total = left.length;
  const worker = async () => {
    const tree = new MutantTree(PACKAGE_ROOT);
    try {
      for (let mutant = left.shift(); mutant !== undefined && !signal.aborted; mutant = left.shift()) {
        const places = state.grounds[mutant.id]!;
        const verdict = await judgeMutant(tree, mutant, { ...hunt, places }, Number(values.seconds), signal);
        if (verdict === undefined) return;
        state.verdicts[mutant.id] = verdict;
        saveMutantState(values.state, state);
        process.stderr.write(`${total - left.length}/${total} ${lineOf(mutant, verdict)}\n`);
      }
    } finally {
      tree.remove();
    }
  };
  await Promise.all(Array.from({ length: Number(values.machines) }, worker));
}

function lineOf(
  { operator, place, function: name, what }: Mutant,
  { status, hit, schedules, said }: MutantVerdict,
): string {
  const how =
    hit === null ? (said ?? '') : `${hit.kind} in ${hit.place.scenario}, ${hit.place.design}, ${hit.strategy}`;
  return `${status} ${operator} ${place} ${name}: ${what} ${how}${schedules === null ? '' : `, ${schedules} schedules`}`;
}

/** Of an operator, or of all. */
function scoreRow(name: string, all: readonly Mutant[]): readonly string[] {
  const judged = all.filter(({ id }) => !reasons.has(id) && state.verdicts[id] !== undefined);
  const count = (...statuses: readonly MutantVerdict['status'][]) =>
    judged.filter(({ id }) => statuses.includes(state.verdicts[id]!.status)).length;
  const share = (part: number) => (judged.length === 0 ? '–' : (part / judged.length).toFixed(2));
  const harm = count('harm', 'hung', 'crashed');
  return [
    name,
    ...[all.length, all.length - judged.length - notJudged(all), notJudged(all)].map(String),
    ...[count('harm'), count('hung'), count('crashed'), count('race'), count('survived')].map(String),
    share(harm),
    share(harm + count('race')),
  ];
}

function notJudged(all: readonly Mutant[]): number {
  return all.filter(({ id }) => !reasons.has(id) && state.verdicts[id] === undefined).length;
}

const HEADS = ['operator', 'mutants', 'equivalent', 'not judged', 'harm', 'hung', 'crashed', 'only a race', 'survived'];

function table(): string {
  const names = [...new Set(chosen.map(({ operator }) => operator))];
  const rows = names.map((name) =>
    scoreRow(
      name,
      chosen.filter(({ operator }) => operator === name),
    ),
  );
  rows.push(scoreRow('all', chosen));
  return textTable([...HEADS, 'score of harm', 'score'], rows);
}

if (values.list) {
  for (const { id, operator, place, function: name, what } of chosen)
    process.stdout.write(`${id}  ${operator} ${place} ${name}: ${what}\n`);
} else {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  await findGrounds();
  await judgeAll(stop.signal);
  if (values.json) {
    const rows = chosen.map(({ edits, offset, ...mutant }) => ({
      ...mutant,
      equivalent: reasons.get(mutant.id) ?? null,
      verdict: state.verdicts[mutant.id] ?? null,
    }));
    process.stdout.write(`${JSON.stringify(rows)}\n`);
  } else {
    const survivors = chosen.filter(({ id }) => !reasons.has(id) && state.verdicts[id]?.status === 'survived');
    for (const mutant of survivors) process.stdout.write(`${lineOf(mutant, state.verdicts[mutant.id]!)}\n`);
    process.stdout.write(`${table()}\n`);
  }
}
