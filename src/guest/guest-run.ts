import { SpinDetector } from '../hart/controlled/spin-detector.js';
import { Exit } from '../hart/engine.js';
import type { Hart } from '../hart/hart.js';
import { Interrupt } from '../isa/causes.js';
import { STCE } from '../isa/csrs.js';
import { Privilege } from '../isa/privilege.js';
import { PAGE_SIZE } from '../isa/sv39.js';
import { Question } from '../memory/access.js';
import { AccessKind, hartBlock, KERNBASE, MOST_JUMPS, Watch as Watching } from '../memory/map.js';
import { noteOwnStore } from '../memory/own-frames.js';
import { Op } from '../memory/trace-event.js';
import type { ControlledAccess, UserOp } from '../schedule/controlled-access.js';
import type { WaitedWord } from '../schedule/hart-turns.js';
import type { BulkCalls } from './bulk-calls.js';
import type { FailingAllocations } from './failing-allocations.js';
import type { FreeLists } from './free-list.js';
import { guestBlock } from './guest-block.js';
import type { GuestBoard } from './guest-board.js';
import type { GuestCpu } from './guest-cpu.js';
import { GuestPanic, type GuestProbes } from './guest-probes.js';
import type { GuestTranslation } from './guest-translation.js';
import { IdleRounds } from './idle-rounds.js';
import { Mark, type Marked, takeMark } from './marks.js';
import { type AddressRange, MOST_FRAME, OwnAccesses } from './own-accesses.js';
import { QuietAccesses } from './quiet-accesses.js';
import { NOTHING_WATCHED, type Watch, type WatchedWords } from './watched-words.js';

/** The smallest budget: an engine looks at it at jumps only, so it comes back after one basic block. */
const ONE_BLOCK = 1;
/** xv6's panic when its first process ends. */
const INIT_EXITS = 'init exiting';
const WORD = 4;
const POINTER = 8;
const SP = 2;
const FP = 8;

/** How an announced access stands in the trace; an sc that fails stores nothing. */
const OPS: Readonly<Record<Exclude<AccessKind, typeof AccessKind.Fence>, UserOp>> = {
  [AccessKind.Load]: Op.Load,
  [AccessKind.LoadReserved]: Op.AtomicLoad,
  [AccessKind.Store]: Op.Store,
  [AccessKind.Update]: Op.AtomicUpdate,
  [AccessKind.StoreConditional]: Op.AtomicUpdate,
};

/** What a run of a hart is made of. */
export interface ControlledGuestParts {
  readonly cpu: GuestCpu;
  readonly board: GuestBoard;
  /** All harts of the machine, for the board to bring up to the time. */
  readonly harts: readonly Hart[];
  readonly access: ControlledAccess;
  readonly translation: GuestTranslation;
  readonly probes: GuestProbes;
  readonly lists: FreeLists;
  readonly bulk: BulkCalls;
  readonly failing: FailingAllocations;
  readonly watched: WatchedWords;
  /** What the kernel keeps for this hart alone. */
  readonly own: AddressRange | undefined;
  /** Where the kernel's idle loops are. */
  readonly idle: readonly AddressRange[];
  /** Whether the guest has come to its end. */
  readonly isOver: () => boolean;
}

interface AccessPart {
  readonly pa: number;
  readonly bytes: number;
}

/** One hart of a guest's kernel under a schedule: access by access, in every mode. */
export class ControlledGuestRun {
  private readonly spins = new SpinDetector();
  private readonly rounds: IdleRounds;
  private readonly hart: Hart;
  private blocks = 0;
  private readonly own: OwnAccesses;
  private readonly quiet: QuietAccesses;
  /** The stack pointer in the idle loop. */
  private idleStack = 0;
  /** The hart has gone round its idle loop and found nothing. */
  private found: { readonly watch: Watch; readonly before: readonly WaitedWord[] } | undefined;

  constructor(private readonly parts: ControlledGuestParts) {
    this.hart = parts.cpu.hart;
    this.rounds = new IdleRounds(this.hart.memory.ram);
    const { access, translation, watched, idle } = parts;
    this.own = new OwnAccesses(this.hart, parts.own);
    this.quiet = new QuietAccesses(this.hart, access, translation, watched, idle);
  }

  /** Until the run ends: throws RunEnded then, and GuestPanic when the kernel gives up. */
  run(): never {
    const { hart, parts } = this;
    const { cpu, access } = parts;
    hart.watch = Watching.Announce;
    this.own.begin();
    this.quiet.begin();
    let exit: Exit = Exit.Budget;
    for (;;) {
      if (cpu.takeInterrupt()) this.forget();
      if (exit !== Exit.Access && hart.privilege !== Privilege.User) {
        this.arrive();
        if (parts.bulk.carryOut(this.pc) || parts.failing.carryOut(this.pc)) {
          this.forget();
          continue;
        }
      }
      exit = this.toNextAccess();
      if (exit === Exit.Access) {
        if (access.capturesAll && this.quietAccess()) continue;
        if (access.ask(Question.TimerFires) !== 0) this.fireTimer();
        else this.access();
      } else if (exit === Exit.Budget) this.passBlock();
      else if (exit === Exit.System) this.system();
      else {
        this.forget();
        const marked = takeMark(this.hart, exit);
        if (marked === undefined) cpu.handle(exit);
        else this.marked(marked);
      }
    }
  }

  /** At an instruction by a jump. Throws GuestPanic where the kernel gives up; that it does so because init was killed for want of memory is right. */
  private arrive(): void {
    const { parts } = this;
    try {
      parts.probes.arrive(this.pc);
    } catch (error) {
      if (!(error instanceof GuestPanic) || error.message !== INIT_EXITS || !parts.failing.hasFailed) throw error;
      parts.access.endRun();
    }
  }

  /** The program of a scenario says something. */
  private marked({ mark, detail }: Marked): void {
    const { host, map } = this.hart.memory;
    const { isDone, wrong } = guestBlock.fields;
    if (mark === Mark.Wrong && wrong.load(host, map.devices) === 0) wrong.store(host, map.devices, detail + 1);
    if (mark !== Mark.Done) return;
    isDone.store(host, map.devices, 1);
    this.parts.access.endRun();
  }

  private get pc(): number {
    return hartBlock.fields.pc.load(this.hart.memory.host, this.hart.map.block);
  }

  private toNextAccess(): Exit {
    const { hart, parts, rounds } = this;
    this.own.settle(rounds.isUnderWay ? this.idleStack : undefined);
    hart.budget = ONE_BLOCK;
    this.quiet.offer(this.mayBeQuiet, this.blocks);
    const exit = parts.cpu.run();
    this.blocks = this.quiet.taken(this.blocks);
    return exit;
  }

  /** Nothing that the hart is doing wants to see all its accesses. */
  private get mayBeQuiet(): boolean {
    return !this.rounds.isUnderWay && this.found === undefined && !this.parts.probes.isTaking;
  }

  /** The one that stands at pc, whatever it accesses. */
  private oneInstruction(): Exit {
    const { hart, parts } = this;
    hart.watch = Watching.CarryOut;
    hart.budget = ONE_BLOCK;
    hartBlock.fields.jumpsLeft.store(hart.memory.host, hart.map.block, 0);
    const exit = parts.cpu.run();
    hart.watch = Watching.Announce;
    return exit;
  }

  /** Whether the access that was announced is one that the engine would make without a stop; it has been made then. */
  private quietAccess(): boolean {
    const { hart, parts } = this;
    const pa = this.mayBeQuiet ? this.quiet.addressOfAnnounced(this.pc) : undefined;
    if (pa === undefined) return false;
    const { kind, size } = hart.announced;
    this.blocks = 0;
    const stores = kind === AccessKind.Store;
    const pieces = [{ pa, bytes: size }];
    const before = this.wordsOf(pieces);
    parts.access.userAccess(stores ? Op.Store : Op.Load, pa, size, () => this.carryOut());
    this.quiet.madeOne();
    if (stores && !areSame(before, this.wordsOf(pieces))) this.spins.forget();
    return true;
  }

  private passBlock(): void {
    this.blocks++;
    if (this.blocks < MOST_JUMPS) return;
    this.blocks = 0;
    this.parts.access.betweenBlocks();
  }

  private system(): void {
    this.spins.forget();
    if (!this.parts.cpu.handle(Exit.System)) return;
    const watch = this.rounds.watch();
    if (watch === undefined) this.forget();
    else this.idle(watch);
  }

  /** The hart's own timer interrupts it now, whatever the time. */
  private fireTimer(): void {
    const hasOwn = (this.hart.getCsr('menvcfg') & STCE) !== 0n;
    this.hart.setPending(1 << (hasOwn ? Interrupt.SupervisorTimer : Interrupt.MachineTimer));
  }

  /** The access that the engine announced. */
  private access(): void {
    const { hart, parts } = this;
    this.blocks = 0;
    this.quiet.interrupted();
    // A loop that changes something is none that waits.
    if (this.own.haveChanged()) this.spins.forget();
    const { kind, size, order } = hart.announced;
    if (kind === AccessKind.Fence) {
      parts.access.fence(order);
      this.carryOut();
      return;
    }
    const op = OPS[kind];
    const writes = op === Op.Store || op === Op.AtomicUpdate;
    const pieces = this.translate(hart.trapAddress, size, writes);
    if (pieces === undefined) {
      this.carryOut();
      return;
    }
    if (pieces[0]!.pa < KERNBASE) {
      this.deviceAccess();
      return;
    }
    if (this.isInOwnFrame(hart.trapAddress, size) || this.isOwnData(pieces[0]!.pa)) {
      this.ownAccess(pieces[0]!, writes);
      return;
    }
    if (this.isIdle()) return;
    const fails = kind === AccessKind.StoreConditional && !pieces.some(({ pa }) => hart.reserves(pa));
    const isLock = op === Op.Load && parts.probes.takes(pieces[0]!.pa);
    this.ramAccess(fails || isLock ? Op.AtomicLoad : op, pieces, fails ? 0 : order);
  }

  /** An access that is not aligned may lie in two pages, which are both there before a byte of it is stored. */
  private translate(va: number, size: number, writes: boolean): AccessPart[] | undefined {
    const pieces: AccessPart[] = [];
    for (let at = va; at < va + size; at = at - (at % PAGE_SIZE) + PAGE_SIZE) {
      const found = this.parts.translation.translate(at, writes);
      if (found === undefined) return undefined;
      pieces.push({ pa: found.pa, bytes: Math.min(va + size - at, PAGE_SIZE - (at % PAGE_SIZE)) });
    }
    return pieces;
  }

  private ramAccess(op: UserOp, pieces: readonly AccessPart[], order: number): void {
    const { parts, rounds, spins } = this;
    const writes = op === Op.Store || op === Op.AtomicUpdate;
    this.waitIfSpinning(op);
    let before: readonly WaitedWord[] = [];
    let head = 0;
    const isLoop = this.isInLoop;
    const isHead = op === Op.Store && pieces[0]!.bytes === POINTER && parts.lists.heads.has(pieces[0]!.pa);
    this.told(op, order, pieces, () => {
      before = this.wordsOf(pieces);
      if (isHead) head = parts.lists.link(pieces[0]!.pa);
      for (const { pa, bytes } of pieces) rounds.accesses(pa, bytes, writes, isLoop);
      return this.carryOut();
    });
    if (isHead) parts.probes.headWritten(head, parts.lists.link(pieces[0]!.pa));
    if (writes) for (const { pa, bytes } of pieces) parts.watched.changed(pa, bytes);
    const after = this.wordsOf(pieces);
    if (op === Op.Store || !areSame(before, after)) spins.forget();
    else spins.hasRead(after);
  }

  private told(op: UserOp, order: number, [first, ...rest]: readonly AccessPart[], carryOut: () => boolean): boolean {
    if (first === undefined) return carryOut();
    const next = () => this.told(op, order, rest, carryOut);
    return this.parts.access.userAccess(op, first.pa, first.bytes, next, order);
  }

  /**
   * Whether the kernel accesses the frame of the function that it is in, between stack pointer and frame pointer. It is the
   * hart's own as long as the hart stands there: such accesses are no points, and no observer sees them. (Programs have their
   * stacks in pages that may be shared; a kernel without frame pointers is seen access by access.)
   */
  private isInOwnFrame(va: number, size: number): boolean {
    const { hart } = this;
    if (hart.privilege === Privilege.User) return false;
    const sp = hart.getNumber(SP);
    const fp = hart.getNumber(FP);
    return va >= sp && va + size <= fp && fp - sp <= MOST_FRAME;
  }

  /** Of the kernel's words for this hart alone the same holds. */
  private isOwnData(pa: number): boolean {
    const { own } = this.parts;
    return own !== undefined && pa >= own.start && pa < own.end;
  }

  private ownAccess(piece: AccessPart, writes: boolean): void {
    const { rounds, spins, hart } = this;
    const before = this.wordsOf([piece]);
    rounds.accesses(piece.pa, piece.bytes, writes, false);
    this.carryOut();
    if (!writes) return;
    noteOwnStore(hart.memory, piece.pa);
    if (!areSame(before, this.wordsOf([piece]))) spins.forget();
  }

  /** What all harts share and lies in no RAM. */
  private deviceAccess(): void {
    const { parts } = this;
    const { cpu, access } = parts;
    access.bell();
    parts.board.poll();
    this.forget();
    this.carryOut();
    if (parts.isOver()) access.endRun();
    if (!cpu.isUnfinished) return;
    this.oneInstruction();
  }

  /** Carries the announced access out; false: it faulted, and the exception has been entered. */
  private carryOut(): boolean {
    const { parts } = this;
    const exit = this.oneInstruction();
    if (exit !== Exit.Trap && exit !== Exit.Bus) return true;
    this.forget();
    parts.cpu.handle(exit);
    return exit === Exit.Bus;
  }

  /** Whether the hart goes round its idle loop; it has slept then, and its access is still to be made. */
  private isIdle(): boolean {
    const { hart, parts } = this;
    if (this.found !== undefined && !parts.probes.holdsLock) {
      const { watch, before } = this.found;
      this.found = undefined;
      if (!areSame(before, this.valuesOf(watch))) return false;
      this.idle(watch);
      return true;
    }
    if (!this.isInLoop) return false;
    parts.probes.abandonCalls();
    this.idleStack = hart.getNumber(SP);
    const sp = parts.translation.translate(this.idleStack, true)?.pa ?? 0;
    const watch = this.rounds.aboutToAccess(this.pc, hart.registers, sp);
    if (watch === undefined) return false;
    // Others may want the lock under which it looks: it goes on until it has let go of it.
    this.found = { watch, before: this.valuesOf(watch) };
    return parts.probes.holdsLock ? false : this.isIdle();
  }

  private valuesOf({ words, sought }: Watch): WaitedWord[] {
    const { ram } = this.hart.memory;
    return [...words, ...sought].map((address) => ({ address, value: ram.load32(address) }));
  }

  private get isInLoop(): boolean {
    const { pc } = this;
    return this.parts.idle.some(({ start, end }) => pc >= start && pc < end);
  }

  /** Sleeps until one of the words changes or an interrupt comes; when nobody else can go on either, time passes. */
  private idle(watch: Watch): void {
    const { hart, parts } = this;
    const { host } = hart.memory;
    const bell = hartBlock.fields.doorbell;
    if ((hart.pending & hart.enabledInterrupts) !== 0) return;
    hart.notedBell = bell.load(host, hart.map.block);
    parts.watched.watch(hart.id, watch);
    parts.access.idle(hart, !parts.board.hasDeadline(parts.harts));
    parts.watched.watch(hart.id, NOTHING_WATCHED);
    if (bell.load(host, hart.map.block) === hart.notedBell) parts.board.passToNextDeadline(parts.harts);
    this.forget();
  }

  /** A hart whose loop only reads what does not change is blocked, as one is that waits for a lock of the supervisor's. */
  private waitIfSpinning(op: UserOp): void {
    const { hart, parts } = this;
    if (op === Op.Store) return;
    const words = this.spins.aboutToRead(this.pc, () => hart.registers);
    if (words === undefined) return;
    parts.watched.watch(hart.id, { ...NOTHING_WATCHED, words: words.map(({ address }) => address) });
    parts.access.spin(words);
    parts.watched.watch(hart.id, NOTHING_WATCHED);
    const { ram } = hart.memory;
    const hasNews = words.some(({ address, value }) => ram.load32(address) !== value);
    if (!hasNews) parts.board.passToNextDeadline(parts.harts);
    this.spins.forget();
  }

  private wordsOf(pieces: readonly AccessPart[]): WaitedWord[] {
    const { ram } = this.hart.memory;
    const words: WaitedWord[] = [];
    for (const { pa, bytes } of pieces)
      for (let address = pa - (pa % WORD); address < pa + bytes; address += WORD)
        words.push({ address, value: ram.load32(address) });
    return words;
  }

  private forget(): void {
    this.found = undefined;
    this.spins.forget();
    this.rounds.forget();
  }
}

function areSame(before: readonly WaitedWord[], after: readonly WaitedWord[]): boolean {
  return before.every(({ value }, i) => value === after[i]?.value);
}
