import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, loadavg, totalmem, type } from 'node:os';
import { fileURLToPath } from 'node:url';

/** Seen from dist/bench. */
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** What was measured: the commit, and whether there was anything in the tree that is in none. */
export function commit(): string {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim();
  const hash = git('rev-parse', '--short=12', 'HEAD');
  return git('status', '--porcelain') === '' ? hash : `${hash}, with changes that are in no commit`;
}

/** Where it was measured. */
export function host(): string {
  const gibibytes = Math.round(totalmem() / 2 ** 30);
  return `${cpus()[0]?.model ?? 'a processor without a name'}, ${availableParallelism()} cores, ${gibibytes} GiB, ${type()}`;
}

/** Processes that wanted a core, on average over the last minute. */
export function load(): string {
  return loadavg()[0]!.toFixed(1);
}
