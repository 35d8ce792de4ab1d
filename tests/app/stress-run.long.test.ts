import { expect, it } from 'vitest';
import { MAX_HARTS, MEMORY_LIMITS } from '../../src/memory/map.js';
import { runUntil, stressMachine } from '../support/stress-machine.js';

const FORKS = 50;

it.each([
  ['harts', MAX_HARTS, 128],
  ['memory', 2, MEMORY_LIMITS.max],
])('a stress run works with as many, or as much, %s as there can be', async (_what, harts, memory) => {
  const { summary, status, failures } = await runUntil(
    stressMachine({ harts, memory }),
    ({ summary }) => summary.forks > FORKS,
  );
  expect(summary).toMatchObject({ harts, ok: true });
  expect({ status, failures }).toEqual({ status: null, failures: [] });
  expect(summary.forks).toBeGreaterThan(FORKS);
});
