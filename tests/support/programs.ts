import { fileURLToPath } from 'node:url';
import { assembledProgram } from './assembled-program.js';

/** Path of the committed ELF file of one of our user programs. The tests run from dist/tests/support. */
export function builtProgram(name: string): string {
  return fileURLToPath(new URL(`../../../kernel/user/bin/${name}`, import.meta.url));
}

const SAY_READY = `
  li a0, 1
  la a1, ready
  li a2, 6
  li a7, SYS_write
  ecall
`;
const READY = `ready: .ascii "ready\\n"`;

/** Prints `ready`, then keeps a hart busy for ever. */
export const spinning = () => assembledProgram(`${SAY_READY} again: j again\n ${READY}`);

/** Prints `ready`, then leaves the machine idle for a very long time. */
export const sleeping = () =>
  assembledProgram(`${SAY_READY} again: li a0, 1000000\n li a7, SYS_sleep\n ecall\n j again\n ${READY}`);

/** Prints `ready` for ever. */
export const chattering = () => assembledProgram(`again: ${SAY_READY} j again\n ${READY}`);

/** Exits with `status`. */
export const exiting = (status: number) => assembledProgram(`li a0, ${status}\n li a7, SYS_exit\n ecall`);

/** Prints numbered lines of eight bytes, one write each, then exits with 0. */
export const counting = (lines: number) =>
  assembledProgram(`
  li s0, 0
next_line:
  la a1, line
  mv t0, s0
  addi t1, a1, 7
  sb zero, 0(a1)
  li t3, '\\n'
  sb t3, 0(t1)
  li t2, 10
digit:
  remu t3, t0, t2
  divu t0, t0, t2
  addi t3, t3, '0'
  addi t1, t1, -1
  sb t3, 0(t1)
  bne t1, a1, digit
  li a0, 1
  li a2, 8
  li a7, SYS_write
  ecall
  addi s0, s0, 1
  li t0, ${lines}
  bne s0, t0, next_line
  li a0, 0
  li a7, SYS_exit
  ecall
line: .zero 8
`);

export function countedLines(lines: number): string {
  return Array.from({ length: lines }, (_, line) => `${String(line).padStart(7, '0')}\n`).join('');
}
