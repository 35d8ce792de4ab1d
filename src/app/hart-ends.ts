import type { HartEnd } from '../../workers/hart.js';
import type { HartOutcome } from '../machine/hart-pool.js';
import { kernelStack } from '../report/kernel-stack.js';

/** What is known of a hart that did not end as it should. */
export interface Whereabouts {
  /** The last user instruction known, as `0x1a4 <main+0x12>`. */
  readonly pc: string;
  /** Names of the kernel's locks that it holds. */
  readonly locks: readonly string[];
}

/** Keeps account of how the harts of one machine ended. */
export class HartEnds {
  /** One line for each hart that died or would not stop. */
  readonly failures: string[] = [];
  /** Why the machine could not start at all. */
  unfit: string | undefined;
  /** Whoever read the console has left. */
  readerGone = false;
  /** A hart was stopped wherever it was: what memory holds then says nothing about the kernel. */
  threadLost = false;
  private readonly running: Set<number>;
  /** Threads that still run are being ended from outside, and that is not news. */
  private cutting = false;

  constructor(
    harts: number,
    private readonly whereabouts: (hart: number) => Whereabouts,
  ) {
    this.running = new Set(Array.from({ length: harts }, (_, hart) => hart));
  }

  /** true: the other harts cannot go on without this one. */
  note(outcome: HartOutcome<HartEnd>): boolean {
    const { hart } = outcome;
    if (!this.running.delete(hart) || this.cutting) return false;
    if ('error' in outcome) {
      this.threadLost = true;
      this.fail(hart, 'died', `its thread ended: ${oneLine(outcome.error.message)}`);
      return true;
    }
    const end = outcome.result;
    switch (end.kind) {
      case 'stopped':
        this.readerGone ||= end.readerGone;
        return false;
      case 'aborted':
        return false;
      case 'unfit':
        this.unfit ??= end.why;
        return true;
      case 'died':
        this.fail(hart, 'died', oneLine(end.message) + within(kernelStack(end.stack)));
        return true;
    }
  }

  /** Harts that have not ended yet. */
  get left(): readonly number[] {
    return [...this.running];
  }

  /** Harts wait for one another, and would for ever. */
  deadlock(why: string): void {
    // They are stopped in the midst of what they did.
    this.threadLost = true;
    this.failures.push(`deadlock: ${why}`);
  }

  /** The harts that still run have had their time. */
  overdue(seconds: number): void {
    this.threadLost = true;
    for (const hart of this.running) this.fail(hart, 'did not stop', `${seconds} s have passed since it was asked to`);
  }

  /** From now on the threads are ended where they stand. */
  cutOff(): void {
    this.cutting = true;
    if (this.running.size > 0) this.threadLost = true;
  }

  private fail(hart: number, how: string, why: string): void {
    const { pc, locks } = this.whereabouts(hart);
    const held = locks.length === 0 ? '' : `; it held ${locks.join(', ')}`;
    this.failures.push(`hart ${hart} ${how} at pc ${pc}: ${why}${held}`);
  }
}

function within(stack: string): string {
  return stack === '' ? '' : ` (in ${stack})`;
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ');
}
