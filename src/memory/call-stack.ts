import { fileURLToPath } from 'node:url';
import { DirectAccess } from './direct-access.js';
import { PACKAGE_ROOT } from './package-root.js';
import { AtomicWord32, SignedWord32, Word8, Word32, Word64 } from './struct.js';
import { WatchedAccess } from './watched-access.js';

/** A function on a JavaScript stack. */
export interface StackFrame {
  /** `PageMapLock.addMap` */
  readonly name: string;
  /** From the package's folder, or absolute for what lies outside it. */
  readonly file: string;
  readonly line: number;
}

/** Ways to shared memory, which are on top of every stack of an access. By class and not by folder: a file may move. */
const ACCESS_CLASSES: readonly { readonly name: string }[] = [
  DirectAccess,
  WatchedAccess,
  Word8,
  Word32,
  SignedWord32,
  Word64,
  AtomicWord32,
];

/** Frames that a stack must have room for (`Error.stackTraceLimit`), so that the bottom of a supervisor's is still on it. */
export const STACK_LIMIT = 100;

const UNNAMED = '(anonymous)';

/** Not a function without a name, such as a row of a table, which tells a reader nothing. */
export function isNamed({ name }: StackFrame): boolean {
  return name !== UNNAMED && name !== '<anonymous>';
}

const ROOT = fileURLToPath(PACKAGE_ROOT);
const FRAME = /^\s+at (?:(?:async )?(?:new )?(\S+)(?: \[as \S+\])? \()?(?:file:\/\/)?([^()]+?):(\d+):\d+\)?$/;

/**
 * The supervisor's functions on a stack, innermost first: without the accesses to memory on top, and without what lies
 * below the function `bottom`, which calls the supervisor, and that itself. Empty when `bottom` is not on the stack: then
 * no supervisor was.
 *
 * @param stack an error's `stack`
 * @param own further classes whose methods are accesses
 */
export function supervisorFrames(
  stack: string,
  bottom: { readonly name: string },
  own: readonly { readonly name: string }[] = [],
): readonly StackFrame[] {
  const frames = stack.split('\n').flatMap((line) => {
    const found = FRAME.exec(line);
    if (found === null) return [];
    const [, name = UNNAMED, file = '', row] = found;
    return [{ name, file: fromRoot(file), line: Number(row) }];
  });
  const end = frames.findIndex(({ name }) => lastName(name) === bottom.name);
  if (end < 0) return [];
  const classes = [...ACCESS_CLASSES, ...own].map(({ name }) => `${name}.`);
  const isAccess = ({ name }: StackFrame) => classes.some((prefix) => name.startsWith(prefix));
  return frames.slice(
    frames.findIndex((frame) => !isAccess(frame)),
    end,
  );
}

/** Frames that are looked through for a method. */
const CALLER_LIMIT = 4;

/**
 * The method that called `callee`, which called this: `Kalloc.kalloc`. Functions in between that are no method of a class
 * are passed over; where there is no method at all, the first of them. Takes microseconds.
 */
export function callerOf(callee: (...args: never[]) => unknown): string {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = CALLER_LIMIT;
  const taken: { stack?: string } = {};
  Error.captureStackTrace(taken, callee);
  Error.stackTraceLimit = limit;
  const names = (taken.stack ?? '').split('\n').flatMap((line) => FRAME.exec(line)?.[1] ?? []);
  return names.find((name) => METHOD.test(name)) ?? names[0] ?? UNNAMED;
}
/** A class begins with a capital letter; `Object.` is what a function of an object literal has before its name. */
const METHOD = /^(?!Object\.)[A-Z]\w*\.\w+$/;

/** `Traps.usertrap` → `usertrap` */
export function lastName(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

function fromRoot(file: string): string {
  return file.startsWith(ROOT) ? file.slice(ROOT.length).replace(/^dist\//, '') : file;
}
