import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ElfError } from '../../src/machine/elf.js';
import { parseKernel } from '../../src/machine/kernel-image.js';
import { RandomNumbers } from '../../src/schedule/random-numbers.js';
import { elfImage, type ImageFields } from '../support/elf-image.js';
import { GUEST_KERNEL } from '../support/guest-kernel.js';

const START = 0x8000_0000n;
const RAM = { start: Number(START), end: 0x8080_0000 };
const kernel = (fields: ImageFields = {}) => elfImage({ entry: START, segments: [{ vaddr: START }], ...fields });

function refusal(bytes: Uint8Array): string {
  try {
    parseKernel(bytes, RAM);
  } catch (error) {
    expect(error).toBeInstanceOf(ElfError);
    const { message } = error as ElfError;
    expect(message).not.toContain('\n');
    return message;
  }
  return 'accepted';
}

describe('a kernel', () => {
  it('lies where its segments say that it is loaded, with its names', () => {
    const { entry, pieces, symbols } = parseKernel(readFileSync(GUEST_KERNEL), RAM);
    expect([entry, pieces[0]?.at]).toEqual([RAM.start, RAM.start]);
    expect(pieces.reduce((sum, { memSize }) => sum + memSize, 0)).toBeGreaterThan(4096);
    expect(symbols.symbols.find(({ name }) => name === 'main')).toMatchObject({ kind: 'function' });
  });

  it('may begin and end anywhere in RAM, on no page, and be linked for another place than it is loaded', () => {
    const segments = [
      { vaddr: START, fileSize: 10n, memSize: 10n },
      { vaddr: 0xffff_ffff_8000_0000n, paddr: START + 10n, fileSize: 0n, memSize: 0x7f_fff6n },
    ];
    const { pieces } = parseKernel(kernel({ segments }), RAM);
    expect(pieces.map(({ at, memSize }) => [at - RAM.start, memSize])).toEqual([
      [0, 10],
      [10, 0x7f_fff6],
    ]);
  });
});

it.each<[string, Uint8Array, string]>([
  [
    'below RAM',
    kernel({ segments: [{ vaddr: 0x1000n }] }),
    'its segment at 0x1000 (4096 bytes) lies outside RAM, which goes from 0x80000000 to 0x80800000',
  ],
  ['past its end', kernel({ segments: [{ vaddr: START, memSize: 0x80_0001n }] }), 'lies outside RAM'],
  ['wrapping around', kernel({ segments: [{ vaddr: START, memSize: (1n << 64n) - 1n }] }), 'lies outside RAM'],
  ['on another segment', kernel({ segments: [{ vaddr: START }, { vaddr: START + 4095n }] }), 'overlap'],
  ['nowhere', kernel({ segments: [{ vaddr: START, fileSize: 0n, memSize: 0n }] }), 'it has no loadable segment'],
  [
    'smaller than its file',
    kernel({ segments: [{ vaddr: START, memSize: 1n }] }),
    '4096 bytes in the file but only 1 in memory',
  ],
  [
    'with its entry elsewhere',
    kernel({ entry: START + 4096n }),
    'its entry point 0x80001000 lies in none of its segments',
  ],
  ['with an odd entry', kernel({ entry: START + 1n }), 'is odd'],
  ['for another machine', kernel({ machine: 62 }), 'x86-64'],
])('one that lies %s is refused', (_, bytes, line) => {
  expect(refusal(bytes)).toContain(line);
});

it('2000 damaged ones are taken or refused in one line', () => {
  const good = readFileSync(GUEST_KERNEL);
  const random = new RandomNumbers(1, 0);
  for (let i = 0; i < 2000; i++) {
    const bytes = Uint8Array.from(good);
    for (let n = random.below(8); n >= 0; n--)
      bytes[random.below(random.below(2) === 0 ? 200 : bytes.length)] = random.below(256);
    refusal(random.below(4) === 0 ? bytes.subarray(0, random.below(bytes.length)) : bytes);
  }
});
