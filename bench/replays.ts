import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import type { Bug } from '../kernel/bugs/bug.js';
import { bugs } from '../kernel/bugs/bugs.js';
import { check } from '../src/app/check.js';
import { failureFileOf, saveFailure } from '../src/app/failure-file.js';
import { VERSION } from '../src/app/manifest.js';
import { strategies } from '../src/schedule/strategies.js';
import { COMMAND } from '../tests/support/command.js';

/**
 * Whether saved failures come back: one of every harmful bug is found, explained and saved, then replayed many times in a
 * fresh process of each Node, which must print the same report every time. A line for each; exit status 1 when one does
 * not come back every time, with the same memory.
 * `node dist/bench/replays.js [--times N] [--bug NAME]… [--node PATH]…`
 */
const { values } = parseArgs({
  options: {
    times: { type: 'string', default: '100' },
    bug: { type: 'string', multiple: true },
    node: { type: 'string', multiple: true, default: [process.execPath] },
  },
});
const run = promisify(execFile);
const SCHEDULES = 2000;
/** As `replay` says that the failure came back every time. */
const CAME_BACK = 1;

/** The path of a saved failure of a kind that shows the bug; undefined when no strategy finds one. */
async function saved(bug: Bug, folder: string): Promise<string | undefined> {
  for (const { name: strategy } of strategies) {
    const options = { design: bug.designs[0]!, bug: bug.name, strategy, schedules: SCHEDULES, stopAtHarm: true };
    const result = await check(bug.scenario, options);
    const failure = result.failures.find(({ kind, explanation }) => bug.expected.includes(kind) && explanation);
    if (failure !== undefined) return saveFailure(folder, failureFileOf(result, failure, VERSION));
  }
  return undefined;
}

/** What `replay` printed, or what it did instead of coming back every time with the memory that was saved. */
async function replayed(node: string, file: string): Promise<{ report: string } | { problem: string }> {
  try {
    await run(node, [COMMAND, 'replay', file, '--times', values.times]);
    return { problem: 'it did not come back' };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    const verdict = stdout.trimEnd().split('\n').at(-1) ?? '';
    const came = `came back ${values.times} times out of ${values.times}, with the same memory each time`;
    if (code === CAME_BACK && verdict.endsWith(came)) return { report: stdout };
    return { problem: `exit status ${code}: ${verdict} ${stderr}`.trimEnd() };
  }
}

const folder = mkdtempSync(join(tmpdir(), 'hartbreak-replays-'));
for (const bug of bugs) {
  if (!bug.harmful || bug.expected.length === 0 || values.bug?.includes(bug.name) === false) continue;
  const file = await saved(bug, folder);
  const problems: string[] = [];
  const reports = new Set<string>();
  for (const node of file === undefined ? [] : values.node) {
    const answer = await replayed(node, file!);
    if ('problem' in answer) problems.push(`${node}: ${answer.problem}`);
    else reports.add(answer.report);
  }
  if (file === undefined) problems.push(`not found in ${SCHEDULES} schedules`);
  if (reports.size > 1) problems.push('the reports differ');
  if (problems.length > 0) process.exitCode = 1;
  const came = `came back ${values.times} of ${values.times} times, one report and one memory, in ${values.node.length} processes`;
  process.stdout.write(`${bug.name}: ${problems.length === 0 ? came : problems.join('; ')}\n`);
}
rmSync(folder, { recursive: true });
