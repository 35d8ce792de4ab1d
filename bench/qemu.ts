import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assemble } from '../src/isa/assemble.js';
import { makeSatp } from '../src/isa/sv39.js';
import { KERNBASE } from '../src/memory/map.js';
import { LoneProgram } from '../tests/support/lone-program.js';

const QEMU = 'qemu-system-riscv64';
const SP = 2;
const A0 = 10;
const A1 = 11;
const TIMEOUT_MS = 120_000;

/**
 * The least of a supervisor, in machine mode: goes to the program in U-mode behind the same page tables, writes what it
 * writes to the UART, byte by byte with the program's own translations, and turns the board off when it exits.
 */
const supervisor = ({ hart, tables }: LoneProgram): string => `
    la t0, trap
    csrw mtvec, t0
    li t0, -1
    csrw 0x3b0, t0
    li t0, 0x1f
    csrw 0x3a0, t0
    li t0, ${makeSatp(tables.root)}
    csrw satp, t0
    sfence.vma
    li t0, ${hart.pc}
    csrw mepc, t0
    li sp, ${hart.getX(SP)}
    li a0, ${hart.getX(A0)}
    li a1, ${hart.getX(A1)}
    mret
  .balign 4
  trap:
    csrr t0, mcause
    addi t0, t0, -8
    bnez t0, off
    addi t0, a7, -16
    bnez t0, off
    mv t1, a2
    li t2, 0x10000000
  next:
    beqz t1, done
    li t3, 0x20000
    csrs mstatus, t3
    lbu t4, 0(a1)
    csrc mstatus, t3
    sb t4, 0(t2)
    addi a1, a1, 1
    addi t1, t1, -1
    j next
  done:
    mv a0, a2
    csrr t0, mepc
    addi t0, t0, 4
    csrw mepc, t0
    mret
  off:
    li t0, 0x100000
    li t1, 0x5555
    sw t1, 0(t0)
  wait:
    j wait
`;

/** Whether there is a QEMU to compare with. */
export function isQemuThere(): boolean {
  return spawnSync(QEMU, ['--version']).status === 0;
}

/** Runs a program of kernel/user as `LoneProgram` does, on a board of QEMU's: milliseconds of the whole process, and what it wrote. */
export function runInQemu(
  name: string,
  args: readonly string[],
): { readonly milliseconds: number; readonly console: string } {
  const program = new LoneProgram(name, args);
  const { ram, map } = program.hart.memory;
  const start = program.tables.takeFrame();
  ram.write(start, assemble(supervisor(program), { origin: BigInt(start) }).bytes);
  const folder = mkdtempSync(join(tmpdir(), 'hartbreak-qemu-'));
  try {
    const image = join(folder, 'ram.bin');
    writeFileSync(image, ram.read(KERNBASE, map.ramSize));
    const command = ['-machine', 'virt', '-bios', 'none', '-m', '64', '-display', 'none', '-serial', 'stdio'];
    const loaders = [`loader,file=${image},addr=${KERNBASE},force-raw=on`, `loader,addr=${start},cpu-num=0`];
    const started = performance.now();
    const console = execFileSync(
      QEMU,
      [...command, '-monitor', 'none', ...loaders.flatMap((one) => ['-device', one])],
      {
        encoding: 'utf8',
        timeout: TIMEOUT_MS,
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    return { milliseconds: performance.now() - started, console: console.replaceAll('\r', '') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
