import { describe, expect, it } from 'vitest';
import { ElfError, parseElf } from '../../src/machine/elf.js';
import { RandomNumbers } from '../../src/schedule/random-numbers.js';
import { elfImage, type ImageFields } from '../support/elf-image.js';
import { userProgram } from '../support/user-programs.js';

const LIMIT = 2 ** 38;

function refusal(bytes: Uint8Array): string {
  try {
    parseElf(bytes, LIMIT);
  } catch (error) {
    expect(error).toBeInstanceOf(ElfError);
    const { message } = error as ElfError;
    expect(message).not.toContain('\n');
    return message;
  }
  return 'accepted';
}

describe('a program that the project builds', () => {
  const elf = parseElf(userProgram('forkwrite'), LIMIT);

  it('starts at 0 with text that cannot be written and data that cannot be executed, a page each', () => {
    expect(elf.entry).toBe(0);
    expect(elf.segments.map(({ readable, writable, executable }) => [readable, writable, executable])).toEqual([
      [true, false, true],
      [true, true, false],
    ]);
    const [text, data] = elf.segments;
    expect(text?.vaddr).toBe(0);
    expect(data?.vaddr).toBe(Math.ceil((text?.memSize ?? 0) / 4096) * 4096);
    expect(text?.fileBytes.length).toBe(text?.memSize);
    expect(data?.memSize).toBeGreaterThan(data?.fileBytes.length ?? 0);
  });

  it('carries its functions, objects and their sizes', () => {
    const named = new Map(elf.symbols.map((s) => [s.name, s]));
    expect(named.get('_start')).toMatchObject({ address: 0, kind: 'function', size: 8 });
    expect(named.get('heirlooms')).toMatchObject({ kind: 'object', size: 4 * 4096 });
    expect(named.get('end')?.kind).toBe('object');
    expect(elf.symbols.every((s, i) => i === 0 || elf.symbols[i - 1]!.address <= s.address)).toBe(true);
  });
});

describe('an image that is as it should be', () => {
  it('is taken, bytes and all', () => {
    const image = elfImage();
    image[image.length - 1] = 0x5a;
    const { segments, symbols } = parseElf(image, LIMIT);
    expect(segments).toHaveLength(1);
    expect(segments[0]?.fileBytes.at(-1)).toBe(0x5a);
    expect(symbols).toEqual([]);
  });

  it('may end exactly at the limit', () => {
    const last = elfImage({ entry: 0x3000n, segments: [{ vaddr: 0x3000n }] });
    expect(parseElf(last, 0x4000).segments[0]?.vaddr).toBe(0x3000);
    expect(() => parseElf(last, 0x3fff)).toThrow('outside the user address space, which ends at 0x3fff');
  });

  it('has its segments sorted and the empty ones left out', () => {
    const image = elfImage({
      segments: [{ vaddr: 0x5000n, flags: 6 }, {}, { memSize: 0n, fileSize: 0n, vaddr: 0x9000n }],
    });
    expect(parseElf(image, LIMIT).segments.map((s) => s.vaddr)).toEqual([0, 0x5000]);
  });
});

describe('a bad file gets one line that says what is wrong', () => {
  const bad: [string, ImageFields, string][] = [
    ['not an ELF file', { magic: [0x23, 0x21, 0x2f, 0x62] }, 'not an ELF file'],
    ['32-bit', { class: 1 }, 'a 32-bit ELF, and this machine is RV64'],
    ['of an unknown class', { class: 7 }, 'unknown ELF class 7'],
    ['big endian', { data: 2 }, 'big-endian'],
    ['of an unknown byte order', { data: 0 }, 'unknown ELF byte order 0'],
    ['for x86-64', { machine: 62 }, 'machine 62 (x86-64), not for RISC-V (243)'],
    ['for a machine without a name', { machine: 9999 }, 'machine 9999 (unknown)'],
    ['an object file', { type: 1 }, 'not an executable but an object file; link it first'],
    [
      'a shared library',
      { type: 3 },
      'a shared library or a position-independent executable; link it with -static -no-pie',
    ],
    ['a core dump', { type: 4 }, 'a core dump'],
    ['of an unknown type', { type: 77 }, 'ELF type 77'],
    ['without segments', { segments: [] }, 'no loadable segment'],
    ['with segments that are not for loading', { segments: [{ type: 4 }] }, 'no loadable segment'],
    ['dynamically linked', { segments: [{ type: 3 }, {}] }, 'needs a dynamic linker; link it with -static'],
    ['with strange program headers', { programHeaderSize: 32 }, 'program headers are 32 bytes each instead of 56'],
    [
      'with more in the file than in memory',
      { segments: [{ memSize: 8n }] },
      '4096 bytes in the file but only 8 in memory',
    ],
    ['ending inside a segment', { content: 100 }, 'segment at 0x0 should end at byte 4216, but the file has 220'],
    ['with a huge offset', { segments: [{ offset: 2n ** 64n - 1n }] }, 'the file is truncated'],
    [
      'above the user address space',
      { segments: [{ vaddr: 2n ** 38n }] },
      'outside the user address space, which ends at 0x4000000000',
    ],
    ['with a segment larger than memory', { segments: [{ memSize: 2n ** 40n }] }, 'outside the user address space'],
    ['wrapping around', { segments: [{ vaddr: 2n ** 64n - 4096n }] }, 'wraps around the end of the address space'],
    ['with a segment off its page', { segments: [{ vaddr: 0x123n }] }, 'its segment at 0x123 does not begin on a page'],
    [
      'with overlapping segments',
      { segments: [{ memSize: 8192n }, { vaddr: 4096n }] },
      'segments at 0x0 and 0x1000 overlap',
    ],
    ['with an entry outside', { entry: 4096n }, 'entry point 0x1000 lies in no executable segment'],
    ['with an entry in data', { segments: [{ flags: 6 }] }, 'entry point 0x0 lies in no executable segment'],
    ['with an odd entry', { entry: 3n }, 'entry point 0x3 is odd'],
  ];
  for (const [title, fields, expected] of bad) {
    it(title, () => {
      expect(refusal(elfImage(fields))).toContain(expected);
    });
  }

  it('empty, or ending in its header or its program headers', () => {
    expect(refusal(new Uint8Array(0))).toContain('the file is empty');
    expect(refusal(elfImage().subarray(0, 30))).toContain('its ELF header should end at byte 64, but the file has 30');
    expect(refusal(elfImage().subarray(0, 80))).toContain(
      'program header table should end at byte 120, but the file has 80',
    );
  });

  it('with its symbols cut off', () => {
    const whole = userProgram('hello');
    expect(refusal(whole.subarray(0, whole.length - 1))).toContain('section header table');
  });
});

describe('a damaged file', () => {
  const whole = userProgram('forkwrite');

  it('is parsed or refused with ElfError at every length', () => {
    for (let length = 0; length < whole.length; length += 7)
      expect(refusal(whole.subarray(0, length)), `cut to ${length}`).not.toBe('accepted');
  });

  it('is parsed or refused with ElfError whatever bytes are changed in its headers and tables', () => {
    const random = new RandomNumbers(1, 0);
    // The headers in front and the tables behind; flips in the code between change nothing for the parser.
    const tables = whole.length - 3000;
    let refused = 0;
    for (let run = 0; run < 3000; run++) {
      const damaged = whole.slice();
      for (let flips = 1 + random.below(6); flips > 0; flips--) {
        const at = random.below(2) === 0 ? random.below(64 + 3 * 56) : tables + random.below(whole.length - tables);
        damaged[at] = random.below(256);
      }
      if (refusal(damaged) !== 'accepted') refused++;
    }
    expect(refused).toBeGreaterThan(1000);
  });
});
