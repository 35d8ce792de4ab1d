import { describe, expect, it } from 'vitest';
import { ConsoleWatch } from '../../src/app/console-watch.js';
import { GuestMachine } from '../../src/app/guest-machine.js';
import { assemble } from '../../src/isa/assemble.js';
import { parseKernel } from '../../src/machine/kernel-image.js';
import { KERNBASE } from '../../src/memory/map.js';
import { elfImage } from '../support/elf-image.js';

const HEADERS = 64 + 56;
const RWX = 7;
const MIB = 2 ** 20;
const MEMORY = 2;
/** More than the tree takes. */
const ROOM = 8192;

/** Ends the machine with status 1 if a1 leads to no device tree (Devicetree Specification, "Header": its magic number), else with 0. */
const { bytes } = assemble(
  `lwu t0, 0(a1)
   li t1, 0xedfe0dd0
   li t2, 0x5555
   beq t0, t1, end
   li t2, 0x13333
end: li t3, 0x100000
   sw t2, 0(t3)
   j end`,
  { origin: KERNBASE },
);

/** A board whose kernel takes so many bytes of memory from the beginning of RAM. */
function board(memSize: number): GuestMachine {
  const size = BigInt(bytes.length);
  const image = elfImage({
    entry: BigInt(KERNBASE),
    content: bytes.length,
    segments: [{ flags: RWX, vaddr: BigInt(KERNBASE), fileSize: size, memSize: BigInt(memSize) }],
  });
  image.set(bytes, HEADERS);
  const kernel = parseKernel(image, { start: KERNBASE, end: KERNBASE + MEMORY * MIB });
  return new GuestMachine({
    harts: 1,
    memory: MEMORY,
    kernel,
    virtio: 2,
    consoleFd: 2,
    watch: new ConsoleWatch({ exec: [], fail: /$^/ }),
  });
}

describe('the device tree', () => {
  it.each([
    ['a kernel at the top of memory', MEMORY * MIB - ROOM],
    ['a small kernel in a small memory', bytes.length],
  ])('lies beside %s', async (_what, memSize) => {
    const machine = board(memSize);
    await machine.run();
    expect(machine.report()).toMatchObject({ end: { kind: 'exit', status: 0 }, failures: [] });
  });

  it('that has no place beside the kernel is said in one line', () => {
    expect(() => board(MEMORY * MIB)).toThrow(/^2 MiB of memory hold the kernel, but not the device tree/);
  });
});
