import { describe, expect, it } from 'vitest';
import { cons, INPUT_BUF } from '../../../kernel/files/console-struct.js';
import { Sys } from '../../../kernel/trap/syscall.js';
import { Next } from '../../../src/hart/trap-handler.js';
import { DATA, END, KernelMachine, STACK } from '../../support/kernel-machine.js';

const CTRL_D = '\x04';
const CTRL_H = '\b';
const CTRL_P = '\x10';
const CTRL_U = '\x15';
const DELETE = '\x7f';
const ERASED = '\b \b';

/** One process, on hart 0, at a terminal. */
function terminal(options: { readonly echo?: boolean; readonly harts?: number } = {}) {
  const machine = KernelMachine.booted({ memory: 4, ...options });
  const text = (bytes: number) =>
    Array.from({ length: bytes }, (_, i) => String.fromCharCode(machine.userLoad(0, DATA + i)!)).join('');
  return Object.assign(machine, {
    /** Types, and lets the hart look. */
    key(keys: string) {
      machine.type(keys);
      return machine.interrupt(0);
    },
    /** A read of at most `n` bytes that must return at once: what it gave, or its result. */
    read(n = 100) {
      const got = machine.result(0, Sys.read, 0, DATA, n);
      return got > 0 ? text(got) : got;
    },
    /** A read that must wait. */
    wait(n = 100) {
      expect(machine.call(0, Sys.read, 0, DATA, n)).toBe(Next.Idle);
    },
    /** The result of the read that waited. */
    woken() {
      const got = machine.a0(0);
      return got > 0 ? text(got) : got;
    },
  });
}

describe('a read from the console', () => {
  it('waits for a line, and gives it to the reader', () => {
    const console = terminal();
    console.wait();
    expect(console.inputWanted).toBe(true);
    expect(console.key('no lin')).toBe(Next.Idle);
    expect(console.key('e yet\n')).toBe(Next.Run);
    expect(console.woken()).toBe('no line yet\n');
  });

  it('gives one line at a time, and of a long one as much as was asked for', () => {
    const console = terminal();
    console.key('one\ntwo\nthree');
    expect(console.read()).toBe('one\n');
    expect(console.read(2)).toBe('tw');
    expect(console.read(2)).toBe('o\n');
    console.wait();
  });

  it('asks for nothing outside before somebody reads', () => {
    const console = terminal();
    console.interrupt(0);
    expect(console.inputWanted).toBe(false);
  });

  it('takes return for newline, and drops zeros', () => {
    const console = terminal();
    console.key('a\0b\r');
    expect(console.read()).toBe('ab\n');
  });

  it('of nothing gives nothing at once', () => {
    expect(terminal().read(0)).toBe(0);
  });

  it('refuses memory that is not the user’s, and the byte is gone, as in xv6', () => {
    const console = terminal();
    console.key('abc\n');
    expect(console.result(0, Sys.read, 0, END, 10)).toBe(0);
    expect(console.read()).toBe('bc\n');
  });

  it('into a shared page copies the page first', () => {
    const console = terminal({ harts: 2 });
    console.userStore(0, DATA, 7);
    console.result(0, Sys.fork);
    console.interrupt(1);
    console.key('x\n');
    expect(console.read()).toBe('x\n');
    expect(console.userLoad(1, DATA)).toBe(7);
    expect(console.violations()).toEqual([]);
  });

  it('ends with -1 when the reader is killed while it waits', () => {
    const console = terminal({ harts: 2 });
    expect(console.result(0, Sys.fork)).toBe(2);
    console.interrupt(1);
    expect(console.call(1, Sys.read, 0, DATA, 10)).toBe(Next.Idle);
    expect(console.result(0, Sys.kill, 2)).toBe(0);
    expect(console.interrupt(1)).toBe(Next.Idle);
    expect(console.result(0, Sys.wait, STACK)).toBe(2);
    expect(console.violations()).toEqual([]);
  });

  it('is one reader’s alone: the others go on waiting', () => {
    const console = terminal({ harts: 2 });
    console.result(0, Sys.fork);
    console.interrupt(1);
    console.wait();
    expect(console.call(1, Sys.read, 0, DATA, 10)).toBe(Next.Idle);
    console.key('line\n');
    expect(console.interrupt(1)).toBe(Next.Idle);
    expect(console.woken()).toBe('line\n');
  });
});

describe('^D', () => {
  it('at the beginning of a line is the end of the file, once', () => {
    const console = terminal();
    console.key(`${CTRL_D}more\n`);
    expect(console.read()).toBe(0);
    expect(console.read()).toBe('more\n');
  });

  it('within a line sends what there is, and then is the end of the file', () => {
    const console = terminal();
    console.wait();
    expect(console.key(`abc${CTRL_D}`)).toBe(Next.Run);
    expect(console.woken()).toBe('abc');
    expect(console.read()).toBe(0);
    console.wait();
  });
});

describe('the line that is being typed', () => {
  it.each([
    ['^H', CTRL_H],
    ['the delete key', DELETE],
  ])('loses its last letter by %s, and no more than its own letters', (_what, key) => {
    const console = terminal();
    console.key(`done\nab${key}c${key}${key}${key}${key}x\n`);
    expect(console.read()).toBe('done\n');
    expect(console.read()).toBe('x\n');
  });

  it('is dropped by ^U, and the lines before it are not', () => {
    const console = terminal();
    console.key(`kept\ngone${CTRL_U}new\n`);
    expect(console.read()).toBe('kept\n');
    expect(console.read()).toBe('new\n');
  });

  it('is shown at a terminal as it is typed and erased', () => {
    const console = terminal({ echo: true });
    console.key(`ab${CTRL_H}c\r`);
    expect(console.output).toBe(`ab${ERASED}c\n`);
    console.key(`xyz${CTRL_U}${CTRL_H}`);
    expect(console.output).toBe(`ab${ERASED}c\nxyz${ERASED}${ERASED}${ERASED}`);
  });

  it('is erased by letters, however many bytes they have', () => {
    const console = terminal({ echo: true });
    console.key(`hé${CTRL_H}a€${DELETE}\n`);
    expect(console.output).toBe(`hé${ERASED}a€${ERASED}\n`);
    expect(console.read()).toBe('ha\n');
    console.key(`é😀${CTRL_U}x\n`);
    expect(console.output.endsWith(`é😀${ERASED}${ERASED}x\n`)).toBe(true);
    expect(console.read()).toBe('x\n');
  });

  it('has nothing of keys without a character, whose bytes may come one by one', () => {
    const console = terminal({ echo: true });
    // Up, left, delete, F1; escape alone, twice; and what is typed after it.
    const keys = 'a\x1b[A\x1b[Db\x1b[3~\x1bOPc\x1b\x1bd\n';
    for (const byte of keys) console.key(byte);
    expect(console.output).toBe('abcd\n');
    expect(console.read()).toBe('abcd\n');
    console.key(keys);
    expect(console.read()).toBe('abcd\n');
  });

  it('keeps every byte that comes from a pipe', () => {
    const console = terminal();
    console.key('a\x1b[Ab\n');
    expect(console.read()).toBe('a\x1b[Ab\n');
  });

  it('is not shown when it comes from a pipe', () => {
    const console = terminal();
    console.key('ab\n');
    expect(console.output).toBe('');
  });
});

describe('^P', () => {
  it('lists the processes, and is no part of the line', () => {
    const console = terminal();
    console.result(0, Sys.fork);
    console.key(`a${CTRL_P}b\n`);
    expect(console.output).toBe('\n1 run    init\n2 runble init\n');
    expect(console.read()).toBe('ab\n');
  });

  it('shows the line again that it has torn apart', () => {
    const console = terminal({ echo: true });
    console.key(`done\nhé${CTRL_P}b\n`);
    expect(console.output).toBe('done\nhé\n1 run    init\nhéb\n');
  });
});

describe('the console’s buffer', () => {
  const LINE = 'x'.repeat(INPUT_BUF);

  it('that is full counts as a line', () => {
    const console = terminal();
    console.wait(1000);
    expect(console.key(LINE.slice(1))).toBe(Next.Idle);
    expect(console.key('y')).toBe(Next.Idle);
    // All of it has been taken, and the reader wants more.
    console.key('z\n');
    expect(console.woken()).toBe(`${LINE.slice(1)}yz\n`);
  });

  it('that is full leaves outside what does not fit, and loses nothing', () => {
    const console = terminal();
    console.key(`${LINE}${LINE}tail\n`);
    expect(console.typed.length).toBe(INPUT_BUF + 5);
    expect(console.read(INPUT_BUF)).toBe(LINE);
    expect(console.read(INPUT_BUF)).toBe(LINE);
    expect(console.read()).toBe('tail\n');
  });

  it('that is full lets an idle hart rest', () => {
    const console = terminal({ harts: 2 });
    console.type(LINE.repeat(2));
    expect(console.interrupt(1)).toBe(Next.Idle);
    expect(console.typed.length).toBe(INPUT_BUF);
  });

  it('goes on where the counts of bytes wrap', () => {
    const console = terminal();
    const { r, w, e } = cons.fields;
    for (const count of [r, w, e]) count.store(console.ram, console.layout.console, 0xffff_fffe);
    console.key(`abc${CTRL_H}d\nef\n`);
    expect(console.read()).toBe('abd\n');
    expect(console.read()).toBe('ef\n');
    console.wait();
  });
});

describe('the end of the input', () => {
  it('comes after everything that was typed, and again and again', () => {
    const console = terminal();
    console.type('line\nhalf');
    console.inputEnds = true;
    console.interrupt(0);
    expect(console.read()).toBe('line\n');
    expect(console.read()).toBe('half');
    for (let times = 0; times < 3; times++) expect(console.read()).toBe(0);
  });

  it('wakes who waits', () => {
    const console = terminal();
    console.wait();
    console.inputEnds = true;
    expect(console.interrupt(0)).toBe(Next.Run);
    expect(console.woken()).toBe(0);
  });
});
