import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * All that tests, and the commands that they run, put into the system's folder for temporary files stands in one folder,
 * which goes when the last test has ended: Vitest ends the processes of tests by a signal, so they cannot clean up.
 */
export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'hartbreak-tests-'));
  process.env.TMPDIR = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
