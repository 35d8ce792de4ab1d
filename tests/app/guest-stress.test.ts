import { closeSync, openSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { GuestStress, type StressLimits } from '../../src/app/guest-stress.js';
import { loadKernel } from '../../src/app/load-kernel.js';
import { profileOf } from '../../src/app/load-profile.js';
import { UsageError } from '../../src/app/usage-error.js';
import { parseRole } from '../../src/guest/parse-profile.js';
import { type Profile, XV6_PROFILE } from '../../src/guest/profile.js';
import { countingKernel } from '../support/counting-kernel.js';
import { isLongForm } from '../support/long-form.js';

const HARTS = 2;
const MEMORY = 4;
const FOR_EVER = 1_000_000;
/** Where a test is about something that never comes, waiting for it is short. */
const SHORT: StressLimits = { boot: 0.3, settle: 0.3, lock: 0.5, idle: 0.5 };
const nowhere = openSync('/dev/null', 'w');
afterAll(() => closeSync(nowhere));

interface Choice {
  readonly seconds?: number;
  readonly limits?: Partial<StressLimits>;
  readonly profile?: Profile;
  /** Told after every round. */
  readonly stopAfter?: number;
}

/** The small kernel of tests/guest/counting, whose words are mistakes or none. */
function stressOf(exec: string, { seconds = FOR_EVER, limits = {}, profile = XV6_PROFILE, stopAfter }: Choice = {}) {
  const path = countingKernel(exec).kernel.path;
  const kernel = loadKernel(path, MEMORY);
  const { functions } = profileOf(path, profile, kernel.symbols);
  const stress: GuestStress = new GuestStress({
    ...{ harts: HARTS, memory: MEMORY, kernel, functions, exec, seconds, limits },
    ...{ fail: /panic:/, virtio: 2, consoleFd: nowhere },
    progress: ({ rounds }) => {
      if (stopAfter !== undefined && rounds >= stopAfter) stress.stop();
    },
  });
  return stress;
}

async function reportOf(exec: string, choice: Choice = {}) {
  const stress = stressOf(exec, choice);
  await stress.run();
  return stress.report();
}

describe('a kernel under load', () => {
  it('that does nothing wrong has rounds and audits and no complaints, until it is stopped', async () => {
    const report = await reportOf('put-locked', { stopAfter: 3 });
    expect(report).toMatchObject({ ok: true, violations: [], failures: [], hasPrograms: false });
    expect(report.rounds).toBeGreaterThanOrEqual(3);
    // One for each prompt, and one when the harts have ended.
    expect(report.audits).toBeGreaterThanOrEqual(report.rounds + 2);
  });

  it.runIf(isLongForm)('ends when its time is over, in the midst of a round too', async () => {
    expect(await reportOf('put-locked', { seconds: 0.2 })).toMatchObject({ ok: true, end: { kind: 'stopped' } });
    const running = await reportOf('run', { seconds: 0.2 });
    expect(running).toMatchObject({ ok: true, rounds: 0, hasPrograms: true });
    expect(running.audits).toBeGreaterThan(0);
  });

  it.each([
    ['free-twice', /^frame 0x8000[0-9a-f]000 is free twice: kmem\.freelist comes to it again$/],
    [
      'scribble',
      /^frame 0x8000[0-9a-f]000 is free and was stored in: by its first word kmem\.freelist goes on at 0x505050505050505, which is no frame$/,
    ],
    ['run-freed', /^frame 0x8000[0-9a-f]000 is free, and the program that runs on hart 0 has it at 0x0$/],
  ])('by %s is found out at once', async (exec, line) => {
    const { ok, violations } = await reportOf(exec);
    expect(violations).toEqual([expect.stringMatching(line)]);
    expect(ok).toBe(false);
  });

  it.runIf(isLongForm)(
    'that leaves a free frame to an address space is told so when nothing else goes on',
    async () => {
      const { violations } = await reportOf('map-freed', { limits: SHORT });
      expect(violations[0]).toMatch(
        /^frame 0x8000[0-9a-f]000 is free, and the address space with its root at 0x8000[0-9a-f]000 has it at 0x0$/,
      );
      // Its tables are missing, but they are an address space's.
      expect(violations[1]).toMatch(/^3 frames are not free again, 0\.3 s after the round$/);
    },
  );

  it('that does not free a frame is told so, and where the frame was allocated', async () => {
    const { violations, rounds } = await reportOf('lose', { limits: SHORT });
    expect(violations).toEqual([
      expect.stringMatching(
        /^1 frame is not free again, nor in an address space: frame 0x8000[0-9a-f]000; allocated by lose \(mistakes\.c:\d+\), in main \(main\.c:\d+\), 0\.3 s after the round$/,
      ),
    ]);
    expect(rounds).toBe(1);
  });

  it.runIf(isLongForm)('whose allocator nobody knows is told the same without the place', async () => {
    const { violations } = await reportOf('lose', { limits: SHORT, profile: parseRole('allocate=', XV6_PROFILE) });
    expect(violations).toEqual([
      expect.stringMatching(
        /^1 frame is not free again, nor in an address space: frame 0x8000[0-9a-f]000, 0\.3 s after the round$/,
      ),
    ]);
  });

  it('that waits for a lock which it holds itself gets nowhere, and its stack says where', async () => {
    const { violations } = await reportOf('take-twice', { limits: SHORT });
    expect(violations).toEqual([
      expect.stringMatching(
        /^hart 0 has waited for a lock for 0\.5 s: acquire \(main\.c:\d+\), in take_twice \(mistakes\.c:\d+\), in main /,
      ),
    ]);
  });

  it.runIf(isLongForm)(
    'in which every hart looks for something to run, and the line does not end, gets nowhere',
    async () => {
      const { violations } = await reportOf('sleep', { limits: SHORT });
      expect(violations).toEqual([
        'nothing has moved for 0.5 s: every hart looks for something to run, and the line has not come to its end',
      ]);
    },
  );

  it('fails with its panic', async () => {
    const { ok, failures, lastLines } = await reportOf('panic');
    expect(failures).toEqual(["the console says 'panic: as you like'"]);
    expect(lastLines).toEqual(['$ panic', 'panic: as you like']);
    expect(ok).toBe(false);
  });

  it('whose disk has no such program is refused', async () => {
    await expect(stressOf('programs').run()).rejects.toThrow(
      new UsageError(
        "the kernel says 'exec programs failed': its disk has no such program; name one that it has with --exec",
      ),
    );
  });
});
