import { assemble } from '../../src/isa/assemble.js';
import { rows } from '../../src/isa/rows.js';
import type { RandomNumbers } from '../../src/schedule/random-numbers.js';

/** One past the highest number of a system call. */
const CALLS = 22;

/** Machine code of at least `bytes` bytes: instructions with random operands, system calls with small numbers, and noise. */
export function randomCode(random: RandomNumbers, bytes: number): Uint8Array {
  const code: number[] = [];
  while (code.length < bytes) code.push(...piece(random));
  return Uint8Array.from(code.slice(0, bytes));
}

function piece(random: RandomNumbers): Iterable<number> {
  const kind = random.below(16);
  if (kind === 0) return little(random.word(), 4);
  if (kind <= 2) return systemCall(random);
  const row = rows[random.below(rows.length)]!;
  return little(((random.word() & ~row.mask) | row.match) >>> 0, row.size);
}

/** Registers as they are for arguments, or small numbers, or addresses near the program. */
function systemCall(random: RandomNumbers): Iterable<number> {
  const lines: string[] = [];
  for (const register of ['a0', 'a1', 'a2']) if (random.below(3) > 0) lines.push(`li ${register}, ${argument(random)}`);
  lines.push(`li a7, ${random.below(CALLS)}`, 'ecall');
  return assemble(lines.join('\n')).bytes;
}

function argument(random: RandomNumbers): number {
  const kind = random.below(4);
  if (kind === 0) return random.below(8) - 2;
  if (kind === 1) return random.below(0x8000);
  return kind === 2 ? random.word() | 0 : 1 << random.below(31);
}

function little(word: number, size: number): number[] {
  return Array.from({ length: size }, (_, byte) => (word >>> (8 * byte)) & 0xff);
}
