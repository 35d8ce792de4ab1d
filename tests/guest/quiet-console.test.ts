import { describe, expect, it } from 'vitest';
import { guestBlock } from '../../src/guest/guest-block.js';
import { QuietConsole } from '../../src/guest/quiet-console.js';
import { SharedMemory } from '../../src/memory/shared-memory.js';

/** How often the guest has come to its prompt when it has written this. */
function promptsIn(text: string, isSilent: boolean): number {
  let prompts = 0;
  const memory = SharedMemory.create({ harts: 1, memory: 2, devices: guestBlock.size });
  const console = new QuietConsole(
    memory,
    () => {
      prompts++;
    },
    isSilent,
  );
  for (const byte of new TextEncoder().encode(text)) console.write(byte);
  return prompts;
}

describe('a console that nobody sees', () => {
  it('knows the shell’s prompt at the beginning of a line', () => {
    expect(promptsIn('init: starting sh\n$ ', false)).toBe(1);
    expect(promptsIn('$ echo $ \n', false)).toBe(1);
  });

  it('knows it wherever it stands where nothing else is printed but by the kernel', () => {
    const together = 'usertrap(): unexpected scause 0xf stval=0x40$ 0\n';
    expect(promptsIn(together, false)).toBe(0);
    expect(promptsIn(together, true)).toBe(1);
  });
});
