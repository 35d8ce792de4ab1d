import { threadId } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { HartPool } from '../../src/machine/hart-pool.js';
import { SharedMemory } from '../../src/memory/shared-memory.js';
import type { MeetingTask } from '../support/meeting-hart.js';

const MEETING = new URL('../support/meeting-hart.js', import.meta.url);

async function meet(harts: number): Promise<number[]> {
  const memory = SharedMemory.create({ harts, memory: 2 });
  const pool = new HartPool<MeetingTask, number>(MEETING, harts);
  const threads: number[] = [];
  await pool.run(
    (hart) => ({ memory: memory.handle, hart }),
    (outcome) => {
      if ('error' in outcome) throw outcome.error;
      threads[outcome.hart] = outcome.result;
    },
  );
  await pool.close();
  return threads;
}

describe('a pool of harts', () => {
  it.each([1, 2, 5])('runs %i at the same time, each in its own thread and none in this one', async (harts) => {
    // Each waits until all are there: one after the other they would wait for ever.
    const threads = await meet(harts);
    expect(new Set([...threads, threadId]).size).toBe(harts + 1);
  });

  it('ends harts that wait for something that never comes, each with an error', async () => {
    const harts = 2;
    const memory = SharedMemory.create({ harts: harts + 1, memory: 2 });
    const pool = new HartPool<MeetingTask, number>(MEETING, harts);
    const ended: number[] = [];
    const ran = pool.run(
      (hart) => ({ memory: memory.handle, hart }),
      (outcome) => {
        expect(outcome).toHaveProperty('error');
        ended.push(outcome.hart);
      },
    );
    await pool.close();
    await ran;
    expect(ended.toSorted()).toEqual([0, 1]);
  });
});
