import { describe, expect, it } from 'vitest';
import { checkBoot, type KernelConfig, kernelLayoutOf } from '../../../kernel/config.js';
import { BootError } from '../../../kernel/kernel-panic.js';
import { kernelLayout } from '../../../kernel/layout.js';
import { framesToStart } from '../../../kernel/process/exec.js';
import { Pte } from '../../../src/isa/sv39.js';
import { KERNBASE } from '../../../src/memory/map.js';
import { DATA, END, GUARD, KernelMachine, program } from '../../support/kernel-machine.js';

describe('exec', () => {
  it('gives each segment its permissions, zeroes what the file does not hold, and leaves a guard page below the stack', () => {
    const machine = KernelMachine.booted();
    const { vm } = machine.kernel.parts;
    const flags = (va: number) => machine.ram.load32(vm.walk(machine.pagetable(0), va, false)) & 0x3f;
    expect(flags(0)).toBe(Pte.V | Pte.R | Pte.X | Pte.U);
    expect(flags(DATA)).toBe(Pte.V | Pte.R | Pte.W | Pte.U);
    expect(flags(GUARD) & Pte.U).toBe(0);
    expect(flags(GUARD + 4096)).toBe(Pte.V | Pte.R | Pte.W | Pte.U);
    expect([0, 1, 2, 3, 4].map((i) => machine.userLoad(0, DATA + i))).toEqual([1, 2, 3, 0, 0]);
    expect(machine.userLoad(0, DATA + 0x17ff)).toBe(0);
  });

  it('passes the arguments on the stack as xv6 does', () => {
    const machine = KernelMachine.booted({ argv: ['prog', 'one', 'a longer argument, of 31 bytes'] });
    const hart = machine.harts[0]!;
    expect(hart.pc).toBe(0n);
    expect(hart.getNumber(10)).toBe(3);
    const sp = hart.getNumber(2);
    expect(hart.getNumber(11)).toBe(sp);
    expect(sp % 16).toBe(0);
    const byte = (va: number) => machine.userLoad(0, va)!;
    const pointer = (va: number) => byte(va) + byte(va + 1) * 256;
    const text = (va: number): string => (byte(va) === 0 ? '' : String.fromCharCode(byte(va)) + text(va + 1));
    expect([0, 1, 2].map((i) => text(pointer(sp + 8 * i)))).toEqual(['prog', 'one', 'a longer argument, of 31 bytes']);
    expect(pointer(sp + 24)).toBe(0);
    expect(pointer(sp)).toBe(END - 16);
  });

  it.each([
    ['arguments that do not fit', { argv: ['p', 'x'.repeat(4090)] }, 'its arguments do not fit'],
    ['too many arguments', { argv: Array.from({ length: 33 }, () => 'x') }, 'its arguments do not fit'],
    [
      'a program larger than memory',
      { program: { entry: 0, segments: [{ ...program.segments[1]!, vaddr: 0, memSize: 4 << 20 }] } },
      'there is not enough memory for it',
    ],
    [
      'a segment that is not page aligned',
      { program: { entry: 0, segments: [{ ...program.segments[1]!, vaddr: 0x1004 }] } },
      'its segment at 0x1004 does not fit',
    ],
    [
      'a segment beyond the user’s addresses',
      { program: { entry: 0, segments: [{ ...program.segments[1]!, vaddr: 2 ** 38 }] } },
      'its segment at 0x4000000000 does not fit',
    ],
  ])('%s: the machine does not start, and nothing is lost', (_what, options, message) => {
    const machine = new KernelMachine(options);
    expect(() => machine.boot()).toThrow(BootError);
    expect(() => machine.boot()).toThrow(message);
    expect(machine.statistics().freePages).toBe(machine.layout.frames);
  });

  it('starts with exactly the frames that it is said to take', () => {
    const needed = framesToStart(program);
    const machine = new KernelMachine();
    machine.allocations = needed - 1;
    expect(() => machine.boot()).toThrow(BootError);
    machine.allocations = needed;
    machine.boot();
    expect(machine.runningPid(0)).toBe(1);
    expect(machine.allocations).toBe(0);
  });

  it('a machine too small for the program is refused beforehand, in one line', () => {
    const { config, memory } = new KernelMachine();
    checkBoot(config, memory.map, program);
    const large = { entry: 0, segments: [{ ...program.segments[1]!, vaddr: 0, memSize: 4 << 20 }] };
    expect(() => checkBoot(config, memory.map, large)).toThrow(
      /^the program takes 1032 pages of 4 KiB to start, and 2 MiB of memory have \d+ beside the kernel: give it more memory$/,
    );
  });

  it('an unknown design or bug, or a bug of another design, is named in one line', () => {
    expect(() => new KernelMachine({ design: 'x' })).toThrow(
      /^there is no design 'x'; there are: page-map-lock, .*eager$/,
    );
    expect(() => new KernelMachine({ bug: 'y' })).toThrow(/^there is no bug 'y'; `hartbreak bugs` lists all \d+$/);
    expect(() => new KernelMachine({ design: 'eager', bug: 'unlocked-count' })).toThrow(
      "the bug 'unlocked-count' is one of page-map-lock; the design 'eager' cannot have it",
    );
    expect(() => new KernelMachine({ bug: 'unlocked-count', form: 'published' })).toThrow(
      "the bug 'unlocked-count' is put into a sound design; leave out the form 'published' or the bug",
    );
  });

  it('an unknown form is named in one line', () => {
    const { config, memory } = new KernelMachine();
    // As it may come from a file.
    const wrong: KernelConfig = { ...config, ...JSON.parse('{"form":"x"}') };
    expect(() => kernelLayoutOf(wrong, memory.map)).toThrow(/^there is no form 'x'; there are: sound, published$/);
  });

  it('too many processes for the memory is said in one line', () => {
    const small = { harts: 1, freeLists: 1, processes: 4096, diskBlocks: 0, physTop: KERNBASE + 2 ** 20 };
    expect(() => kernelLayout(small, () => 0)).toThrow(
      /^1 MiB of memory hold no kernel for 4096 processes, which takes 3 MiB: give it more memory$/,
    );
    expect(() => new KernelMachine({ processes: 0 })).toThrow('processes must be a whole number from 1 to 4096, not 0');
  });
});
