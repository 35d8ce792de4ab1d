import type { KernelContext } from '../context.js';
import { system } from '../layout.js';
import type { CopyUser } from '../memory/copy-user.js';
import type { ProcessTable } from '../process/proc.js';
import { ProcState, proc } from '../process/proc-struct.js';
import type { Sleep } from '../process/sleep.js';
import { GONE } from '../trap/syscall-result.js';
import { cons, INPUT_BUF } from './console-struct.js';
import type { Device } from './device.js';
import { ESC, Escape, escapeAfter } from './escape.js';

const { lock, buf, r, w, e, key, ended, told, end, session } = cons.fields;
const { progress, pagetable, pid, parent, state } = proc.fields;

/** Keys that the console acts on: control and a letter, and the key that erases, which sends one of two. */
const Key = { EndOfFile: 0x04, Backspace: 0x08, ProcessList: 0x10, KillLine: 0x15, Delete: 0x7f } as const;
const NEWLINE = 0x0a;
const RETURN = 0x0d;
/** Takes the last letter off the screen. */
const ERASED = [Key.Backspace, 0x20, Key.Backspace];

/** The terminal: one line is typed and edited at a time; readers get it when it is complete. */
export class ConsoleDevice implements Device {
  private readonly at: number;
  private readonly lock: number;
  /** What is to be shown of the bytes that are being taken. */
  private shown: number[] = [];

  constructor(
    protected readonly cx: KernelContext,
    protected readonly copyUser: CopyUser,
    protected readonly table: ProcessTable,
    protected readonly sleep: Sleep,
  ) {
    this.at = cx.layout.console;
    this.lock = lock.at(this.at);
  }

  /**
   * Up to the end of a line. 0: somebody typed ^D, or nothing will ever be typed any more.
   * Progress: bytes read so far.
   */
  read(p: number, to: number, n: number, resumed: boolean): number {
    const { mem, spin } = this.cx;
    const root = pagetable.load(mem, p);
    if (!resumed) progress.store(mem, p, 0);
    let done = progress.load(mem, p);
    spin.acquire(this.lock);
    while (done < n) {
      const c = this.next();
      if (c === undefined) {
        const channel = this.whereToWait(p);
        if (channel === 0) break;
        progress.store(mem, p, done);
        if (this.sleep.sleep(p, channel, this.lock)) return GONE;
        spin.release(this.lock);
        return -1;
      }
      if (c === Key.EndOfFile) {
        // Kept for the next read, so that the caller gets a result of 0.
        if (done > 0) r.store(mem, this.at, r.load(mem, this.at) - 1);
        break;
      }
      if (!this.copyUser.copyout(root, to + done, Uint8Array.of(c))) break;
      done++;
      if (c === NEWLINE) break;
    }
    spin.release(this.lock);
    return done;
  }

  /** A piece for each page that the user's buffer touches. -1 when there was nothing to read. */
  write(p: number, from: number, n: number): number {
    const root = pagetable.load(this.cx.mem, p);
    let done = 0;
    while (done < n) {
      const piece = this.copyUser.copyin(root, from + done, n - done);
      if (piece === undefined) break;
      this.cx.console.write(piece);
      done += piece.length;
    }
    return done === 0 && n > 0 ? -1 : done;
  }

  /** Takes in what has been typed, if anything. false: there was nothing, or there is no room for it. */
  intr(): boolean {
    const { input, spin } = this.cx;
    if (input === undefined || !input.pending()) return false;
    spin.acquire(this.lock);
    const took = this.takeIn();
    spin.release(this.lock);
    return took;
  }

  /** The next byte of a complete line. cons.lock must be held. */
  private next(): number | undefined {
    const { mem } = this.cx;
    // What did not fit into the buffer waits outside, until a reader has made room.
    if (r.load(mem, this.at) === w.load(mem, this.at)) this.takeIn();
    const i = r.load(mem, this.at);
    if (i === w.load(mem, this.at)) return undefined;
    r.store(mem, this.at, i + 1);
    return mem.load8(this.place(i));
  }

  /** What process p, for whom there is no line, waits for; 0: there is nothing to wait for. cons.lock must be held. */
  private whereToWait(p: number): number {
    const { mem, input } = this.cx;
    const channel = r.offset + this.at;
    if (input === undefined) return 0;
    if (ended.load(mem, this.at) === 0) {
      input.want();
      return channel;
    }
    return this.isOver(p) ? end.offset + this.at : 0;
  }

  /**
   * Whether p is a child of init's that began after one of them had met the end of the input: a shell exits there, and
   * init starts another, and so on for ever. So that one is left waiting, and when all else is done, the machine stops
   * (`AtRest`). Those that were there already are told: the shell too when an orphan in the background was told first.
   * cons.lock must be held.
   */
  private isOver(p: number): boolean {
    const { mem, layout } = this.cx;
    if (session.load(mem, this.at) === 0) return false;
    // Without wait_lock: if p is becoming init's at this moment, either answer will do.
    if (parent.load(mem, p) !== system.fields.initproc.load(mem, layout.system)) return false;
    const since = told.load(mem, this.at);
    if (since === 0) told.store(mem, this.at, this.table.upcomingPid());
    return since !== 0 && pid.load(mem, p) >= since;
  }

  /** Moves bytes from outside into the buffer, as far as there is room. cons.lock must be held. Whether there was anything. */
  private takeIn(): boolean {
    const { mem, input, console } = this.cx;
    if (input === undefined) return false;
    const complete = w.load(mem, this.at);
    let took = false;
    for (let bytes = input.take(this.room()); bytes.length > 0; bytes = input.take(this.room())) {
      for (const c of bytes) this.typed(c);
      took = true;
    }
    if (this.shown.length > 0) console.write(Uint8Array.from(this.shown));
    this.shown = [];
    const over = input.takeEnd();
    if (over) {
      // The last line may lack its end.
      w.store(mem, this.at, e.load(mem, this.at));
      ended.store(mem, this.at, 1);
    }
    if (over || w.load(mem, this.at) !== complete) this.sleep.wakeup(r.offset + this.at);
    return took || over;
  }

  private room(): number {
    const { mem } = this.cx;
    return INPUT_BUF - this.since(r.load(mem, this.at));
  }

  /** Bytes from count `i` to the end of what has been typed. */
  private since(i: number): number {
    return (e.load(this.cx.mem, this.at) - i) >>> 0;
  }

  /** One byte. There is room for it. */
  private typed(c: number): void {
    const { mem } = this.cx;
    if (this.isPartOfKey(c)) return;
    switch (c) {
      case Key.ProcessList:
        this.procdump();
        break;
      case Key.KillLine:
        while (this.erase()) {
          // Letter by letter, as the screen shows it.
        }
        break;
      case Key.Backspace:
      case Key.Delete:
        this.erase();
        break;
      case 0:
        break;
      default: {
        const letter = c === RETURN ? NEWLINE : c;
        this.show([letter]);
        const i = e.load(mem, this.at);
        mem.store8(this.place(i), letter);
        e.store(mem, this.at, i + 1);
        // A full buffer counts as a line: nobody could end it otherwise.
        if (letter === NEWLINE || letter === Key.EndOfFile || this.room() === 0)
          w.store(mem, this.at, e.load(mem, this.at));
      }
    }
  }

  /** Whether the byte belongs to a key that a person at a terminal pressed and that has no character. It is no part of the line. */
  private isPartOfKey(c: number): boolean {
    const { mem, input } = this.cx;
    if (input?.echo !== true) return false;
    const before = key.load(mem, this.at) as Escape;
    if (before === Escape.None && c !== ESC) return false;
    key.store(mem, this.at, escapeAfter(before, c));
    // ESC alone is a key too, and what follows is another.
    return before !== Escape.Begun || escapeAfter(before, c) !== Escape.None;
  }

  /** Takes the last letter of the line back, with all of its bytes; false when it has none. */
  private erase(): boolean {
    const { mem } = this.cx;
    const start = w.load(mem, this.at);
    if (this.since(start) === 0) return false;
    let last: number;
    do {
      const i = e.load(mem, this.at) - 1;
      e.store(mem, this.at, i);
      last = mem.load8(this.place(i >>> 0));
    } while (isContinuation(last) && this.since(start) > 0);
    this.show(ERASED);
    return true;
  }

  private show(bytes: readonly number[]): void {
    if (this.cx.input?.echo) this.shown.push(...bytes);
  }

  private place(i: number): number {
    return buf.at(this.at) + (i % INPUT_BUF);
  }

  /** A line for each process, and the line anew that it has torn apart. Without locks, so that it works on a kernel that is stuck. */
  private procdump(): void {
    const { mem, layout } = this.cx;
    const lines = layout.procs.flatMap((p) => {
      const now = state.load(mem, p) as ProcState;
      const { pid: number, name } = this.table.describe(p);
      return now === ProcState.Unused ? [] : [`${number} ${STATE_NAMES[now]} ${name}\n`];
    });
    this.shown.push(...new TextEncoder().encode(`\n${lines.join('')}`));
    const start = w.load(mem, this.at);
    this.show(Array.from({ length: this.since(start) }, (_, i) => mem.load8(this.place((start + i) >>> 0))));
  }
}

/** Whether the byte is the second or a later one of a character in UTF-8. */
function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}

/** As xv6 prints them. */
const STATE_NAMES: Readonly<Record<ProcState, string>> = {
  [ProcState.Unused]: 'unused',
  [ProcState.Used]: 'used',
  [ProcState.Sleeping]: 'sleep ',
  [ProcState.Runnable]: 'runble',
  [ProcState.Running]: 'run   ',
  [ProcState.Zombie]: 'zombie',
};
