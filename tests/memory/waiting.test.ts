import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { MachineAborted } from '../../src/memory/access.js';
import { controlBlock, KERNBASE, StopRequest } from '../../src/memory/map.js';
import { SharedMemory } from '../../src/memory/shared-memory.js';

const WORD = KERNBASE;

describe('waiting in free running', () => {
  it('looks at a word as often as it may, and no more when the word changes', () => {
    const { ram } = SharedMemory.create({ harts: 1, memory: 2 });
    expect(ram.spinWhile(WORD, 0, 0)).toBe(0);
    expect(ram.spinWhile(WORD, 0, 7)).toBe(7);
    expect(ram.spinWhile(WORD, 1, 7)).toBe(1);
  });

  it('gives the core away and comes back although nobody changes the word', () => {
    const { ram } = SharedMemory.create({ harts: 1, memory: 2 });
    ram.pause(WORD, 0);
    expect(ram.atomicLoad32(WORD)).toBe(0);
  });

  it('ends when the machine is aborted', () => {
    const { ram, host, map } = SharedMemory.create({ harts: 1, memory: 2 });
    controlBlock.fields.stop.store(host, map.control, StopRequest.Abort);
    expect(() => ram.pause(WORD, 0)).toThrow(MachineAborted);
    expect(() => ram.pause(WORD, 1)).toThrow(MachineAborted);
  });
});

describe('waiting on the main thread', () => {
  it('keeps the process alive until it is over, although no other thread is there any more', () => {
    const script = `
      import { SharedMemory } from ${JSON.stringify(new URL('../../src/memory/shared-memory.js', import.meta.url).href)};
      const { host, map } = SharedMemory.create({ harts: 1, memory: 2 });
      await host.changed(map.control, 0, 50);
      await host.changed(map.control, 1, 50);
      console.log('over');
    `;
    const { stdout, status } = spawnSync(process.execPath, ['--input-type=module', '--eval', script]);
    expect({ stdout: stdout.toString(), status }).toEqual({ stdout: 'over\n', status: 0 });
  });
});
