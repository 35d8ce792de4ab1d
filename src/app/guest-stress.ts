import type { KnownFunction } from '../guest/fit-profile.js';
import { GuestAudit, type Rest } from '../guest/guest-audit.js';
import { ObservedGuest } from '../guest/observed-guest.js';
import { Stillness, type StillnessLimits } from '../guest/stillness.js';
import type { SharedMemory } from '../memory/shared-memory.js';
import { GuestMachine, type GuestOptions, type GuestReport } from './guest-machine.js';
import { RoundConsole } from './round-console.js';
import { UsageError } from './usage-error.js';

export interface GuestStressOptions
  extends Omit<GuestOptions, 'watch' | 'stdin' | 'gdb' | 'allocators' | 'virtualTime'> {
  /** What of the kernel's functions is known. */
  readonly functions: readonly KnownFunction[];
  /** The line that is typed at its prompt, round after round. */
  readonly exec: string;
  /** It has failed when a line of the console matches. */
  readonly fail: RegExp;
  /** How long, from the first prompt on. */
  readonly seconds: number;
  /** `LIMITS` where there are none. */
  readonly limits?: Partial<StressLimits>;
  /** Told now and then how far it is. */
  readonly progress?: (soFar: StressProgress) => void;
}

/** Seconds of waiting. */
export interface StressLimits extends StillnessLimits {
  /** For the kernel's first prompt. */
  readonly boot: number;
  /** For frames to be free again when a round is over: whoever is to bury the last processes may not have come to it. */
  readonly settle: number;
}

export interface StressProgress {
  readonly rounds: number;
  readonly audits: number;
  /** Since the first prompt; undefined: it has not come yet. */
  readonly seconds: number | undefined;
}

export interface GuestStressReport extends GuestReport {
  /** Rounds that came to their end. */
  readonly rounds: number;
  readonly audits: number;
  /** A line for each thing that an audit has found wrong. */
  readonly violations: readonly string[];
  /** A program has run in an address space of its own. */
  readonly hasPrograms: boolean;
  /** Nothing was found wrong. */
  readonly ok: boolean;
}

const LIMITS: StressLimits = { boot: 120, settle: 3, lock: 10, idle: 60 };
/** Between two audits with the harts standing still, and between two looks at a round that is over. */
const AUDIT_MS = 200;
const SETTLE_MS = 100;

/** What a shell of xv6 says when the disk has no such program. */
const NO_PROGRAM = /^exec .* failed$/;

type Event = 'prompt' | 'over' | 'time';

/** A kernel image under load on harts in parallel: a line is typed at its prompt again and again, and its frames are audited. */
export class GuestStress {
  private readonly machine: GuestMachine;
  private readonly console: RoundConsole;
  private readonly limits: StressLimits;
  private readonly found: string[] = [];
  private rounds = 0;
  private audits = 0;
  /** Of performance.now, when the first prompt came. */
  private started: number | undefined;
  private atPrompt = false;
  private isOver = false;
  private wake: () => void = () => {};
  private unusable: UsageError | undefined;
  private watching:
    | { readonly audit: GuestAudit; readonly stillness: Stillness; readonly seen: ObservedGuest }
    | undefined;
  private heard = 0;

  /** Throws as `GuestMachine` does. */
  constructor(private readonly options: GuestStressOptions) {
    const { exec, fail, functions } = options;
    this.limits = { ...LIMITS, ...options.limits };
    this.console = new RoundConsole(exec, fail, () => {
      this.atPrompt = true;
      this.wake();
    });
    const allocators = functions.filter(({ role }) => role === 'allocate').map(({ address }) => address);
    this.machine = new GuestMachine({ ...options, watch: this.console, allocators });
  }

  /** Until its time is over, something is found wrong, or it is stopped. Throws UsageError where the line starts nothing. */
  async run(): Promise<void> {
    const playing = this.play();
    await this.machine.run();
    this.isOver = true;
    this.wake();
    await playing;
    if (this.unusable !== undefined) throw this.unusable;
    if (this.started !== undefined)
      this.machine.afterwards((memory) => this.note(this.watch(memory).audit.inBetween()));
  }

  stop(): void {
    this.machine.stop();
  }

  leave(): void {
    this.machine.leave();
  }

  get isStarting(): boolean {
    return this.machine.isStarting;
  }

  /** After `run`. */
  report(): GuestStressReport {
    const report = this.machine.report();
    const { rounds, audits, found } = this;
    const failures = [...ended(report), ...report.failures];
    const hasPrograms = this.watching?.audit.hasSeenPrograms ?? false;
    return {
      ...report,
      failures,
      rounds,
      audits,
      violations: found,
      hasPrograms,
      ok: found.length + failures.length === 0,
    };
  }

  private async play(): Promise<void> {
    if (!(await this.machine.control.allUp()) || !(await this.boot())) return;
    this.started = performance.now();
    const end = this.started + this.options.seconds * 1000;
    let before = await this.rest(undefined);
    while (before !== undefined && performance.now() < end) {
      this.atPrompt = false;
      this.console.beginRound();
      this.machine.listen();
      if (!(await this.round(end))) break;
      this.rounds++;
      before = await this.rest(before);
      this.refuseNothing();
    }
    this.machine.stop();
  }

  /** Whether the kernel has come to its prompt. */
  private async boot(): Promise<boolean> {
    const end = performance.now() + this.limits.boot * 1000;
    for (;;) {
      this.tell();
      const event = await this.next(AUDIT_MS);
      if (event !== 'time') return event === 'prompt';
      if (performance.now() < end) continue;
      this.found.push(`the kernel has not come to its prompt in ${this.limits.boot} s`);
      this.machine.stop();
      return false;
    }
  }

  /** Whether a round has come to its end; audits on the way. @param end when there is no more time for it */
  private async round(end: number): Promise<boolean> {
    for (;;) {
      this.tell();
      const event = await this.next(Math.min(AUDIT_MS, Math.max(0, end - performance.now())));
      if (event !== 'time') return event === 'prompt';
      const isQuiet = this.console.bytes === this.heard;
      this.heard = this.console.bytes;
      await this.machine.whileStandingStill((memory) => {
        const { audit, stillness } = this.watch(memory);
        this.note(audit.inBetween());
        const still = stillness.look(performance.now() / 1000, isQuiet);
        if (still !== undefined) this.found.push(still);
      });
      if (this.found.length > 0 || performance.now() >= end) return false;
    }
  }

  /**
   * The round is over: the frames that are free when all is quiet; undefined when the machine stops, or something is wrong.
   * Only what is so at every look for a while is wrong: the last processes may still be buried.
   * @param before those that were free when the round began
   */
  private async rest(before: ReadonlySet<number> | undefined): Promise<ReadonlySet<number> | undefined> {
    const end = performance.now() + this.limits.settle * 1000;
    let lasting: readonly string[] | undefined;
    for (;;) {
      const look = await this.machine.whileStandingStill((memory) => this.lookAtRest(memory, before));
      if (look === undefined || this.found.length > 0) return undefined;
      const isLate = performance.now() >= end;
      const { mapped = [], lost, free = before } = look.rest ?? {};
      lasting = lasting?.filter((line) => mapped.includes(line)) ?? mapped;
      const isWell = look.rest !== undefined && mapped.length === 0 && lost === undefined;
      if (isWell || isLate) {
        this.note([...lasting, ...(lost === undefined ? [] : [`${lost}, ${this.limits.settle} s after the round`])]);
        return this.found.length === 0 ? free : undefined;
      }
      await this.pause(SETTLE_MS);
    }
  }

  private lookAtRest(memory: SharedMemory, before: ReadonlySet<number> | undefined): { rest: Rest | undefined } {
    const { audit, stillness, seen } = this.watch(memory);
    stillness.forget();
    const wrongs = audit.inBetween() ?? [];
    if (wrongs.length > 0) this.note(wrongs);
    return { rest: audit.atRest(before, seen.origins) };
  }

  /** What an audit says; undefined: there was none. */
  private note(wrongs: readonly string[] | undefined): void {
    if (wrongs === undefined) return;
    this.audits++;
    const known = new Set(this.found);
    this.found.push(...wrongs.filter((line) => !known.has(line)));
  }

  /** Throws nothing here, where nobody would hear it: `run` does. */
  private refuseNothing(): void {
    const line = this.console.lastLines.find((one) => NO_PROGRAM.test(one));
    if (line === undefined) return;
    this.unusable = new UsageError(
      `the kernel says '${line}': its disk has no such program; name one that it has with --exec`,
    );
    this.machine.stop();
  }

  private watch(memory: SharedMemory) {
    const { kernel, functions } = this.options;
    const { symbols, pieces } = kernel;
    const end = Math.max(...pieces.map(({ at, memSize }) => at + memSize));
    if (this.watching === undefined) {
      const seen = new ObservedGuest(memory);
      this.watching = {
        seen,
        audit: new GuestAudit(memory, { symbols, functions, end }, seen.spaces),
        stillness: new Stillness(memory, symbols, functions, this.limits),
      };
    }
    return this.watching;
  }

  /** What comes first: the prompt, unless it has been answered, the machine's end, or so many milliseconds. */
  private async next(milliseconds: number): Promise<Event> {
    if (!this.isOver && !this.atPrompt) await this.pause(milliseconds);
    if (this.isOver) return 'over';
    return this.atPrompt ? 'prompt' : 'time';
  }

  /** So many milliseconds, or until something happens. */
  private pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private tell(): void {
    const { rounds, audits, started } = this;
    const seconds = started === undefined ? undefined : (performance.now() - started) / 1000;
    this.options.progress?.({ rounds, audits, seconds });
  }
}

/** What it was that ended the machine, if somebody has to hear of it. */
function ended({ end }: GuestReport): string[] {
  switch (end.kind) {
    case 'fail':
      return [`the console says '${end.line}'`];
    case 'exit':
      return [`the guest ended the machine with status ${end.status}`];
    case 'reset':
      return ['the guest asked for a reset'];
    default:
      return [];
  }
}
