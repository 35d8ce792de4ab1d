import { readFileSync } from 'node:fs';

/** The committed ELF file of one of our user programs. The tests run from dist/tests/support. */
export function userProgram(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`../../../kernel/user/bin/${name}`, import.meta.url)));
}
