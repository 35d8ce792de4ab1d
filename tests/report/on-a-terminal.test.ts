import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { canHaveTerminal, finished, shellOnTerminal } from '../support/command-line.js';
import { isLongForm } from '../support/long-form.js';

const folder = mkdtempSync(join(tmpdir(), 'hartbreak-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The lines that a command leaves on a terminal of so many columns; what it wrote over is gone. */
async function shown(columns: number, command: string): Promise<string[]> {
  const { stdout } = await finished(shellOnTerminal(`cd ${folder}; stty cols ${columns}; ${command}`));
  return stdout.split('\r\n').map((line) => line.split('\r').at(-1)!);
}

const explore = 'hartbreak explore -S fork-fork -b unlocked-count -N 40 --stop-at-harm -o .';

describe.runIf(canHaveTerminal)('on a terminal', () => {
  it('a report and a list fit its columns, and the verdict is coloured', async () => {
    const lines = await shown(72, `TERM=xterm NO_COLOR= ${explore}; hartbreak scenarios`);
    expect(lines.join('\n')).toContain('\u001b[31mFAILED\u001b[39m: first in schedule');
    const widths = lines.map((line) => [...stripVTControlCharacters(line)].length);
    expect(Math.max(...widths)).toBeLessThanOrEqual(72);
  });

  it.runIf(isLongForm)('nothing is coloured when NO_COLOR asks for that', async () => {
    const text = (await shown(72, `NO_COLOR=1 TERM=xterm ${explore}`)).join('\n');
    expect(text).toContain('FAILED: first in schedule');
    expect(text).not.toMatch(/\[\d+m/);
  });
});
