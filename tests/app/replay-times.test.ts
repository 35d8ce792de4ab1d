import { describe, expect, it } from 'vitest';
import { replayTimes } from '../../src/app/replay-times.js';
import type { Anchor } from '../../src/explore/anchors.js';
import type { FailureKey } from '../../src/explore/explorer.js';
import type { ReplayResult } from '../../src/explore/replay-failure.js';
import type { Plan } from '../../src/schedule/plan.js';

const plan = (hart: number): Plan => {
  return { preference: [hart], unit: 'own', strict: false, switches: [], answers: [] };
};
const RECORDED = plan(0);
const FITTED = plan(1);
const ANCHOR: Anchor = { hart: 0, access: 'store of x', nth: 1 };
const FILE = { signature: 's', plan: RECORDED, anchors: [ANCHOR] };

/** Plans that bring the failure back, and what was asked of it. */
function exploration(failing: readonly Plan[]) {
  const asked: number[] = [];
  const replay = async (key: FailureKey, anchors: readonly (Anchor | null)[], times: number): Promise<ReplayResult> => {
    asked.push(times);
    const result = { times, memoryHashes: [], refitted: false, plan: key.plan, parted: null };
    if (failing.includes(key.plan)) return { ...result, failed: times, memoryHashes: ['h'] };
    if (anchors.length === 0) return { ...result, failed: 0 };
    return failing.includes(FITTED)
      ? { ...result, failed: times, memoryHashes: ['h'], refitted: true, plan: FITTED }
      : { ...result, failed: 0, parted: ANCHOR };
  };
  return { replay, asked };
}

describe('a failure that is replayed many times', () => {
  it('is replayed exactly as often, in pieces', async () => {
    const { replay, asked } = exploration([RECORDED]);
    const runs: number[] = [];
    const result = await replayTimes({ replay }, FILE, 100, { progress: (count) => runs.push(count) });
    expect(result).toEqual({
      ...result,
      times: 100,
      failed: 100,
      memoryHashes: ['h'],
      refitted: false,
      plan: RECORDED,
    });
    expect(asked.reduce((sum, count) => sum + count, 0)).toBe(100);
    expect(asked.length).toBeGreaterThan(1);
    expect(runs.at(-1)).toBe(100);
  });

  it('is fitted when it does not come back as recorded, and then replayed as often', async () => {
    const result = await replayTimes(exploration([FITTED]), FILE, 20);
    expect(result).toMatchObject({ times: 20, failed: 20, refitted: true, plan: FITTED });
  });

  it('that does not come back says where its schedule parts from the kernel', async () => {
    const result = await replayTimes(exploration([]), FILE, 20);
    expect(result).toMatchObject({ times: 20, failed: 0, refitted: false, parted: ANCHOR });
  });

  it('is stopped between two pieces, and says how often it was replayed', async () => {
    const stop = new AbortController();
    const progress = (runs: number) => {
      if (runs >= 3) stop.abort();
    };
    const result = await replayTimes(exploration([RECORDED]), FILE, 1000, { signal: stop.signal, progress });
    expect(result.times).toBeGreaterThanOrEqual(3);
    expect(result.times).toBeLessThan(1000);
    expect(result.failed).toBe(result.times);
    // Not fitted either: that would be more runs.
    const none = await replayTimes(exploration([FITTED]), FILE, 1000, { signal: AbortSignal.abort() });
    expect(none).toMatchObject({ times: 0, failed: 0, refitted: false });
  });
});
