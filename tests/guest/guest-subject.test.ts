import { afterAll, describe, expect, it } from 'vitest';
import { Exploration } from '../../src/app/exploration.js';
import type { Explanation } from '../../src/explore/explanation.js';
import type { FoundFailure } from '../../src/explore/explorer.js';
import { GUEST } from '../../src/guest/guest.js';
import type { GuestConfig } from '../../src/guest/guest-config.js';
import { countingKernel } from '../support/counting-kernel.js';
import { isLongForm } from '../support/long-form.js';

const SCHEDULES = 100;
const open: Exploration[] = [];

function explorationOf(config: GuestConfig, stepLimit = 20_000): Exploration {
  const exploration = new Exploration({
    subject: { kind: GUEST, config },
    harts: config.harts,
    stepLimit,
    machines: 1,
  });
  open.push(exploration);
  return exploration;
}

afterAll(async () => {
  await Promise.all(open.map((exploration) => exploration.close()));
});

describe('a kernel image with a counting race', () => {
  const racy = explorationOf(countingKernel('put'));
  let lost: FoundFailure | undefined;
  let explanation: Explanation | undefined;

  it('loses a page in some schedule', async () => {
    const { failures } = await racy.batch('random', 1, 0, SCHEDULES);
    lost = failures.find(({ kind }) => kind === 'ledger');
    expect(lost?.signature).toBe('ledger: free frames at the prompt');
    expect(lost?.summary).toMatch(/^1 frame is not free again at the next prompt/);
    const races = failures.filter(({ kind }) => kind === 'data-race').map(({ signature }) => signature);
    expect(new Set(races)).toEqual(
      new Set([
        'data-race: refs.count[]: reads, writes',
        'data-race: refs.count[]: writes, reads',
        'data-race: refs.count[]: writes, writes',
      ]),
    );
  });

  it('is explained by one preemption, in C functions and lines', async () => {
    explanation = await racy.explain(lost!);
    expect(explanation).toMatchObject({ preemptions: 1, minimal: true, harmful: true });
    const { first, second, flipped } = explanation!.criticalPair!;
    expect([first.what, second.what]).toEqual([
      expect.stringMatching(/^(load|store) refs\.count\[7\]/),
      expect.stringMatching(/^store refs\.count\[7\]/),
    ]);
    const stacks = [first.stack, second.stack].map(([inner, outer]) => [inner, outer]);
    expect(stacks.map(([inner]) => inner)).toEqual([
      expect.stringMatching(/^put \(.*pages\.c:\d+\)$/),
      expect.stringMatching(/^put \(.*pages\.c:\d+\)$/),
    ]);
    expect(stacks.map(([, outer]) => outer?.replace(/ .*/, '')).toSorted()).toEqual(['scheduler', 'share_and_put']);
    expect(flipped).toBe('ends well');
  });

  it('comes back every time, with the same memory', async () => {
    const { plan, anchors, memoryHash } = explanation!;
    const replayed = await racy.replay({ signature: lost!.signature, plan }, anchors, 20);
    expect(replayed).toMatchObject({ failed: 20, memoryHashes: [memoryHash], refitted: false });
  });
});

describe('a kernel image', () => {
  it.runIf(isLongForm)('has nothing held against it where a lock guards the count', async () => {
    const { schedules, failures, firstFailure } = await explorationOf(countingKernel('put-locked')).batch(
      'random',
      1,
      0,
      SCHEDULES,
    );
    expect({ schedules, failures, firstFailure }).toEqual({ schedules: SCHEDULES, failures: [], firstFailure: null });
  });

  it('fails by its own panic, in its words', async () => {
    const { failures } = await explorationOf(countingKernel('panic')).batch('random', 1, 0, 1);
    expect(failures.map(({ signature, summary }) => [signature, summary])).toEqual([
      ['panic: panic: as you like', 'hart 0: panic: as you like'],
    ]);
  });

  it.runIf(isLongForm)('has an address space held against it in which a program finds a free frame', async () => {
    const { failures } = await explorationOf(countingKernel('map-freed')).batch('random', 1, 0, 1);
    expect(failures.map(({ signature, summary }) => [signature, summary])).toContainEqual([
      'ledger: a free frame in an address space',
      expect.stringMatching(
        /^frame 0x8000[0-9a-f]000 is free, and the address space with its root in frame 0x8000[0-9a-f]000 has it at 0x0$/,
      ),
    ]);
  });

  it('is watched by the functions that its profile names, whose file goes with it', async () => {
    const profile = '{ "panic": "print" }';
    const { failures } = await explorationOf({ ...countingKernel('put-locked'), profile }).batch('random', 1, 0, 1);
    expect(failures.map(({ signature }) => signature)).toEqual(['panic: panic: $']);
  });

  it.each([
    ['{', /kernel\.elf: it is not JSON/],
    ['{ "lock": "acquire" }', /kernel\.elf: it has no role 'lock'/],
  ])('whose profile is %s is refused in one line', async (profile, message) => {
    const exploration = explorationOf({ ...countingKernel('put'), profile });
    await expect(exploration.batch('random', 1, 0, 1)).rejects.toThrow(message);
  });

  it('that has changed is refused in one line', async () => {
    const config = countingKernel('put');
    const changed = { ...config, kernel: { ...config.kernel, sha256: 'f'.repeat(64) } };
    await expect(explorationOf(changed).batch('random', 1, 0, 1)).rejects.toThrow(
      /^the kernel \S+kernel\.elf has changed since \(SHA-256 [0-9a-f]{12}, it was f{12}\); put the old one back, or explore the new one$/,
    );
  });
});
