import { describe, expect, it } from 'vitest';
import { runDying } from './dying-machine.js';

describe('a hart that dies', () => {
  it('because its heap overflows is reported', async () => {
    const { failures } = await runDying('runs-out-of-memory');
    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatch(/^hart 1 died at pc 0x.*memory/);
  });
});
