import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Hit, Hunt, Hunted } from './hunt.js';
import type { MutantTree } from './mutant-tree.js';
import type { Mutant } from './mutants.js';

/** What came of a hunt for one mistake. As JSON. */
export interface MutantVerdict {
  /**
   * `harm`: the explorer showed that it does harm. `race`: only that it could. `hung`: the hunt came to no end in time.
   * `crashed`: it came to an end that was not its own.
   */
  readonly status: 'harm' | 'race' | 'survived' | 'hung' | 'crashed';
  /** Of the first two, what was found, and where. */
  readonly hit: Hit | null;
  readonly schedules: number | null;
  /** Of a crash: what it said. */
  readonly said: string | null;
}

/** Statuses by which somebody would know that something is wrong. */
export function isTold({ status }: MutantVerdict): boolean {
  return status !== 'survived';
}

/**
 * Hunts for one mistake in a process of its own.
 * @param seconds at most
 * @param signal ends it; then there is no verdict, as when somebody else ends it
 */
export async function judgeMutant(
  tree: MutantTree,
  mutant: Pick<Mutant, 'file' | 'edits'>,
  task: Hunt,
  seconds: number,
  signal?: AbortSignal,
): Promise<MutantVerdict | undefined> {
  return tree.with(mutant, async () => {
    const entry = fileURLToPath(new URL('tests/support/mutants/hunt-process.js', tree.dist));
    const child = spawn(process.execPath, [entry, JSON.stringify(task)], { stdio: ['ignore', 'pipe', 'pipe'] });
    const limit = AbortSignal.timeout(seconds * 1000);
    const kill = () => child.kill('SIGKILL');
    const ends = [limit, ...(signal === undefined ? [] : [signal])];
    for (const end of ends) end.addEventListener('abort', kill, { once: true });
    const [stdout, stderr, [status, by]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>,
    ]);
    for (const end of ends) end.removeEventListener('abort', kill);
    // A terminal's Ctrl-C comes to this process as well.
    if (signal?.aborted === true || by === 'SIGINT' || by === 'SIGTERM') return undefined;
    if (status === 0) return verdictOf(JSON.parse(stdout) as Hunted);
    const nothing = { hit: null, schedules: null };
    return limit.aborted
      ? { status: 'hung', ...nothing, said: null }
      : { status: 'crashed', ...nothing, said: lastLine(stderr) };
  });
}

function verdictOf({ harm, race, schedules }: Hunted): MutantVerdict {
  const status = harm !== null ? 'harm' : race !== null ? 'race' : 'survived';
  return { status, hit: harm ?? race, schedules, said: null };
}

/** Of what Node prints of an error that nobody catches, the line with its name. */
function lastLine(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  return lines.find((line) => /^\w*Error\b/.test(line)) ?? lines.at(-1) ?? '';
}
