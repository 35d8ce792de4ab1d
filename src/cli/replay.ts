import { Command } from 'commander';
import { Exploration } from '../app/exploration.js';
import { type FailureFile, readFailure, writeFailure } from '../app/failure-file.js';
import { explainedText } from '../app/failure-text.js';
import { VERSION } from '../app/manifest.js';
import { replayTimes } from '../app/replay-times.js';
import { orUsageError } from '../app/usage-error.js';
import type { ExplainedRow } from '../explore/interleaving.js';
import { ORACLE_KIND } from '../explore/oracle.js';
import type { ReplayResult } from '../explore/replay-failure.js';
import { pageOf } from '../report/page.js';
import { ProgressLine } from '../report/progress.js';
import { figure } from '../report/table.js';
import { fitted } from '../report/wrap.js';
import { wholeNumber } from './arguments.js';
import { ExitStatus } from './exit-status.js';
import { interruptible, statusOf } from './interruption.js';

/** `replay` says by its exit status whether the failure came back: never, every time, or only sometimes. */
const SOMETIMES = 3;

interface ReplayOptions {
  readonly times: number;
  readonly until?: number;
  readonly json?: boolean;
}

/** `hartbreak replay FILE`: makes a saved failure happen again. */
export function replayCommand(): Command {
  return new Command('replay')
    .description('make a saved failure happen again; exit status 1: it did, 0: it did not, 3: only sometimes')
    .argument('<file>', 'a failure that explore saved')
    .option('--times <number>', 'how often', wholeNumber('--times', { min: 1, max: 1_000_000 }), 1)
    .option(
      '--until <step>',
      'show the interleaving up to this step only',
      wholeNumber('--until', { min: 0, max: 2 ** 31 }),
    )
    .option('--json', 'print one JSON object and nothing else')
    .action(replay);
}

/** `hartbreak shrink FILE`: looks for a shorter schedule with the same failure, and saves it in the file's place. */
export function shrinkCommand(): Command {
  return new Command('shrink')
    .description('shrink the schedule of a saved failure, explain it, and save it in its place')
    .argument('<file>', 'a failure that explore saved')
    .action(shrink);
}

async function replay(path: string, options: ReplayOptions): Promise<void> {
  const file = readFailure(path);
  const line = new ProgressLine(process.stderr);
  const stop = new AbortController();
  let isStarting = true;
  const what = {
    stop: () => stop.abort(),
    leave: () => line.clear(),
    get isStarting() {
      return isStarting;
    },
  };
  const progress = (runs: number) => {
    isStarting = false;
    line.show(`${figure(runs)} of ${figure(options.times)} times`);
  };
  await withMachine(path, file, async (exploration) => {
    let result: ReplayResult | undefined;
    const signal = await interruptible(what, async () => {
      result = await replayTimes(exploration, file, options.times, { signal: stop.signal, progress });
    }).finally(() => line.clear());
    const replayed = result!;
    const { times, failed, memoryHashes, refitted, plan, parted } = replayed;
    const same =
      memoryHashes.length <= 1 && (file.memoryHash === null || memoryHashes.every((h) => h === file.memoryHash));
    const isWhole = times === options.times;
    const explanation = failed > 0 && isWhole ? await exploration.explain({ ...file, plan }) : undefined;
    if (options.json === true) {
      const { kind, summary } = file;
      const facts = { file: path, kind, summary, times, failed, sameMemory: same, refitted, parted };
      process.stdout.write(`${JSON.stringify(isWhole ? facts : { ...facts, interrupted: true })}\n`);
    } else {
      const page = pageOf(process.stdout);
      const rows = explanation && rowsUntil(explanation.rows, options.until);
      if (explanation !== undefined && rows !== undefined)
        process.stdout.write(`${explainedText({ ...explanation, rows }, `hartbreak replay ${path}`, page)}\n\n`);
      const less = isWhole ? '' : `\ninterrupted: it was to be replayed ${figure(options.times)} times`;
      process.stdout.write(`${fitted(replayText(file, replayed, same) + less, page.width)}\n`);
    }
    process.exitCode =
      signal !== undefined && !isWhole && failed === 0 ? statusOf(signal) : replayStatus(failed, times);
  });
}

/** The exit status when the failure came back so often. */
export function replayStatus(failed: number, times: number): number {
  if (failed === 0) return ExitStatus.Held;
  return failed === times ? ExitStatus.Failed : SOMETIMES;
}

/** Up to the last row of a step that is not beyond `until`: what was left out after it is beyond it too, or may be. */
function rowsUntil(rows: readonly ExplainedRow[], until: number = Number.POSITIVE_INFINITY): readonly ExplainedRow[] {
  const beyond = rows.findIndex((row) => 'step' in row && row.step > until);
  if (beyond < 0) return rows;
  const shown = rows.slice(0, beyond);
  return shown.slice(0, shown.findLastIndex((row) => 'step' in row) + 1);
}

function replayText(file: FailureFile, { times, failed, refitted, parted }: ReplayResult, same: boolean): string {
  const memory =
    failed === 0 || refitted ? '' : same ? ', with the same memory each time' : ', but memory ended up different';
  const fitted = refitted
    ? '; the kernel has changed since, and the schedule was fitted to it by the names of its accesses'
    : '';
  const where =
    parted === null
      ? ''
      : `; the schedule no longer fits: hart ${parted.hart} does not come to '${parted.access}' (number ${parted.nth}) any more`;
  const older = file.version === VERSION ? '' : ` (saved by version ${file.version}, this is ${VERSION})`;
  return `${file.kind}: came back ${failed} times out of ${times}${memory}${fitted}${where}${older}`;
}

async function shrink(path: string): Promise<void> {
  const file = readFailure(path);
  await withMachine(path, file, async (exploration) => {
    const explanation = await exploration.explain(file);
    if (explanation === undefined) {
      process.stdout.write(`${file.kind}: it did not come back, so there is nothing to shrink\n`);
      process.exitCode = ExitStatus.Held;
      return;
    }
    const { plan, anchors, preemptions, minimal, summary, harmful, memoryHash } = explanation;
    const saved = writeFailure(path, { ...file, plan, anchors, preemptions, minimal, summary, harmful, memoryHash });
    process.stdout.write(`${explainedText(explanation, `hartbreak replay ${saved}`, pageOf(process.stdout))}\n`);
    process.exitCode = ExitStatus.Failed;
  });
}

/** The machine that the file is about. Throws UsageError when this version has no such machine. */
async function withMachine(
  path: string,
  { subject, plugins, stepLimit, plan, kind }: FailureFile,
  work: (exploration: Exploration) => Promise<void>,
): Promise<void> {
  const harts = plan.preference.length;
  // Others are found without it.
  const oracle = kind === ORACLE_KIND;
  const exploration = new Exploration({ subject, plugins, harts, stepLimit, machines: 1, oracle });
  try {
    await orUsageError(() => work(exploration), path);
  } finally {
    await exploration.close();
  }
}
