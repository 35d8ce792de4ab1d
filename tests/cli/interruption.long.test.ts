import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { start, untilFull } from '../support/command-line.js';
import { chattering, sleeping, spinning } from '../support/programs.js';
import { AUDITED, endsAtOnce, interrupted, stopsAndAudits } from './interrupted.js';

describe.concurrent('the first Ctrl-C', () => {
  it.each([
    ['a busy hart', '1', spinning()],
    ['sixteen idle harts', '16', sleeping()],
    ['a hart that writes all the time', '2', chattering()],
  ])('stops %s, prints the summary and audits', stopsAndAudits);

  it('may be a SIGTERM', async () => {
    const { status, stderr } = await interrupted(['SIGTERM'], sleeping());
    expect(stderr).toMatch(AUDITED);
    expect(status).toBe(128 + 15);
  });

  it('stops a machine whose console is full because nobody reads it', async () => {
    const command = start('run', chattering());
    await untilFull(command);
    command.kill('SIGINT');
    const [status] = (await once(command, 'exit')) as [number | null];
    expect(status).toBe(128 + 2);
  });
});

describe.concurrent('the second Ctrl-C', () => {
  it.each([
    ['one hart', '1', spinning()],
    ['an idle machine', '4', sleeping()],
  ])('ends %s at once', endsAtOnce);
});
