import type { AnyNode } from 'acorn';
import type { KernelFunction } from './compiled-kernel.js';

/** One way to break a kernel mechanically. */
export interface Operator {
  readonly name: string;
  /** What it does, as a sentence without its subject. */
  readonly summary: string;
  /** Every place of the function at which it can be done, in the order of the text. */
  find(fn: KernelFunction): Iterable<Change>;
}

/** One place, broken. */
export interface Change {
  /** The code that is broken. */
  readonly what: string;
  readonly edits: readonly Edit[];
}

/** Of a file's text. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A node's code on one line. */
export function codeOf({ file }: KernelFunction, { start, end }: AnyNode): string {
  return file.text.slice(start, end).replace(/\s+/g, ' ');
}

/** The node's place is taken by a text, and everything below stays on its line. */
export function replaced({ file }: KernelFunction, { start, end }: AnyNode, by: string): Edit {
  const lines = file.text.slice(start, end).split('\n').length - 1;
  return { start, end, text: by + '\n'.repeat(lines) };
}

/** A statement that is not there. */
export function dropped(fn: KernelFunction, statement: AnyNode): Edit {
  return replaced(fn, statement, ';');
}

/** Two statements, one after the other, in the other order. */
export function exchanged({ file: { text } }: KernelFunction, first: AnyNode, second: AnyNode): Edit {
  const between = text.slice(first.end, second.start);
  const [before, after] = [first, second].map(({ start, end }) => text.slice(start, end));
  return { start: first.start, end: second.end, text: `${after}${between}${before}` };
}

/** @throws Error for edits that overlap */
export function edited(text: string, edits: readonly Edit[]): string {
  let done = text;
  let last = Number.POSITIVE_INFINITY;
  for (const { start, end, text: by } of edits.toSorted((a, b) => b.start - a.start)) {
    if (end > last) throw new Error('two edits overlap');
    done = done.slice(0, start) + by + done.slice(end);
    last = start;
  }
  return done;
}
