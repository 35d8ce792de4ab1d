import type { Console } from '../context.js';

/** A message of the kernel, in one piece. */
export function printf(console: Console, text: string): void {
  console.write(new TextEncoder().encode(text));
}
