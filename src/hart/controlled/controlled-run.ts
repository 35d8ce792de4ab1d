import { PAGE_SIZE } from '../../isa/sv39.js';
import { Question, type SharedAccess } from '../../memory/access.js';
import { AccessKind, hartBlock, Watch } from '../../memory/map.js';
import { Op, Order } from '../../memory/trace-event.js';
import type { UserOp } from '../../schedule/controlled-access.js';
import type { WaitedWord } from '../../schedule/hart-turns.js';
import { CsrFile } from '../csr-file.js';
import { Exit } from '../engine.js';
import type { Hart } from '../hart.js';
import { carryOutSystem, SystemResult } from '../system.js';
import { Next, type TrapHandler } from '../trap-handler.js';
import { GuestMemory, LOAD, STORE } from './guest-memory.js';
import type { Pacing } from './pacing.js';
import { SpinDetector } from './spin-detector.js';

/** The smallest budget: an engine looks at it at jumps only, so it comes back after one basic block. */
const ONE_BLOCK = 1;

/** Bytes of a word, the unit in which harts wait for memory to change. */
const WORD = 4;

/** How an announced access stands in the trace; an sc that fails stores nothing. */
const OPS: Readonly<Record<Exclude<AccessKind, typeof AccessKind.Fence>, UserOp>> = {
  [AccessKind.Load]: Op.Load,
  [AccessKind.LoadReserved]: Op.AtomicLoad,
  [AccessKind.Store]: Op.Store,
  [AccessKind.Update]: Op.AtomicUpdate,
  [AccessKind.StoreConditional]: Op.AtomicUpdate,
};

/** What an access does in one page. */
interface AccessPart {
  readonly at: number;
  readonly pa: number;
  readonly bytes: number;
}

/** A hart's run loop under a schedule: guest code access by access and block by block, until the machine halts. */
export class ControlledRun {
  private readonly memory: GuestMemory;
  private readonly spins = new SpinDetector();

  /** @param isOver whether the machine halts, looked up past the schedule */
  constructor(
    private readonly handler: TrapHandler,
    private readonly hart: Hart,
    private readonly mem: SharedAccess,
    private readonly pacing: Pacing,
    private readonly isOver: () => boolean,
  ) {
    this.memory = new GuestMemory(hart, mem);
  }

  run(first: Next): void {
    const { handler, hart, mem, pacing } = this;
    // Time stands still under a schedule.
    const csrs = new CsrFile(hart, () => 0n);
    hart.watch = Watch.Announce;
    let next = first;
    let exit: Exit = Exit.Budget;
    while (next !== Next.Halt) {
      if (next === Next.Idle) {
        pacing.bell();
        // The bell may have rung for the halt before it was noted: the free run loop looks at its stop word here.
        if (this.isOver()) break;
        pacing.idle(hart);
        next = handler.interrupt(hart);
        continue;
      }
      // An access was a point itself.
      if (exit !== Exit.Access) pacing.betweenBlocks();
      if (mem.ask(Question.TlbEvicted) !== 0) hart.sfenceVma();
      if (mem.ask(Question.TimerFires) !== 0) {
        this.spins.forget();
        next = handler.interrupt(hart);
        exit = Exit.Trap;
        continue;
      }
      exit = this.toNextAccess();
      const isCarriedOut = exit !== Exit.Access || this.access();
      const trapped =
        exit === Exit.Trap ||
        !isCarriedOut ||
        (exit === Exit.System && carryOutSystem(hart, csrs) === SystemResult.Trap);
      if (trapped || exit === Exit.System) this.spins.forget();
      if (trapped) next = handler.trap(hart, hart.cause);
    }
    pacing.bell();
    wakeOthers(hart);
  }

  private toNextAccess(): Exit {
    this.hart.budget = ONE_BLOCK;
    return this.hart.engine.run();
  }

  /** The access that the engine announced; false when it faulted. */
  private access(): boolean {
    const { hart, memory } = this;
    const { kind, size, order } = hart.announced;
    if (kind === AccessKind.Fence) {
      this.pacing.fence(order);
      return this.carryOut();
    }
    const va = hart.trapAddress;
    const guest = kind === AccessKind.Load || kind === AccessKind.LoadReserved ? LOAD : STORE;
    // An access that is not aligned may lie in two pages, which are both there before a byte of it is stored.
    const parts: AccessPart[] = [];
    for (let at = va; at < va + size; at = at - (at % PAGE_SIZE) + PAGE_SIZE) {
      const pa = memory.translate(at, guest);
      // The engine finds that out by itself.
      if (pa === undefined) return this.carryOut();
      parts.push({ at, pa, bytes: Math.min(va + size - at, PAGE_SIZE - (at % PAGE_SIZE)) });
    }
    const fails = kind === AccessKind.StoreConditional && !this.maySucceed(parts);
    const op = fails ? Op.AtomicLoad : OPS[kind];
    this.waitIfSpinning(op);
    let before: readonly WaitedWord[] = [];
    const carriedOut = this.userCode(op, fails ? Order.Relaxed : order, parts, () => {
      before = this.wordsOf(parts);
      return this.carryOut();
    });
    if (!carriedOut) return false;
    // An sc that fails stores nothing, by whatever translation.
    if (!fails) for (const { at, pa } of parts) memory.tellIfStale(at, pa, guest);
    const after = this.wordsOf(parts);
    if (op === Op.Store || !areSame(before, after)) this.spins.forget();
    else this.spins.hasRead(after);
    return true;
  }

  /** A hart whose loop only reads what does not change is blocked, as one is that waits for a lock of the supervisor's. */
  private waitIfSpinning(op: UserOp): void {
    const { hart } = this;
    if (op === Op.Store) return;
    const words = this.spins.aboutToRead(Number(hart.pc), () => hart.registers);
    if (words === undefined) return;
    this.pacing.spin(words);
    this.spins.forget();
  }

  /** The words that an access touches, as they are in memory now. */
  private wordsOf(parts: readonly AccessPart[]): WaitedWord[] {
    const { ram } = this.hart.memory;
    return parts.flatMap(({ pa, bytes }) => {
      const first = pa - (pa % WORD);
      const count = Math.ceil((pa + bytes - first) / WORD);
      return Array.from({ length: count }, (_, i) => first + i * WORD).map((address) => ({
        address,
        value: ram.load32(address),
      }));
    });
  }

  /** Whether an sc finds its reservation; the schedule may say that it does not. One that fails stores nothing. */
  private maySucceed(parts: readonly AccessPart[]): boolean {
    const { hart, mem } = this;
    if (!parts.some(({ pa }) => hart.reserves(pa))) return false;
    if (mem.ask(Question.StoreConditionalFails) === 0) return true;
    hart.dropReservation();
    return false;
  }

  /** Its name stands for the program in the stacks of a report. */
  private userCode(
    op: UserOp,
    order: number,
    [first, ...rest]: readonly AccessPart[],
    carryOut: () => boolean,
  ): boolean {
    if (first === undefined) return carryOut();
    return this.pacing.userAccess(op, first.pa, first.bytes, () => this.userCode(op, order, rest, carryOut), order);
  }

  /** false: it faulted. */
  private carryOut(): boolean {
    const { hart } = this;
    hart.watch = Watch.CarryOut;
    const exit = this.toNextAccess();
    hart.watch = Watch.Announce;
    return exit !== Exit.Trap;
  }
}

function areSame(before: readonly WaitedWord[], after: readonly WaitedWord[]): boolean {
  return before.every(({ value }, i) => value === after[i]?.value);
}

/** The machine halts: harts that are idle would wait for ever. */
function wakeOthers(hart: Hart): void {
  const { host, map } = hart.memory;
  for (const { block } of map.harts) hartBlock.fields.doorbell.add(host, block, 1);
}
