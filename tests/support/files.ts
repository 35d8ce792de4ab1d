import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folders: string[] = [];
process.on('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A new, empty folder, which goes when the test's process ends. */
export function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hartbreak-'));
  folders.push(folder);
  return folder;
}
