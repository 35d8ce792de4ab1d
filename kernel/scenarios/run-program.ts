import { CsrFile } from '../../src/hart/csr-file.js';
import { Exit } from '../../src/hart/engine.js';
import type { Hart } from '../../src/hart/hart.js';
import { carryOutSystem, SystemResult } from '../../src/hart/system.js';
import { Next } from '../../src/hart/trap-handler.js';
import { PAGE_SIZE } from '../../src/isa/sv39.js';
import { Question, type SharedAccess } from '../../src/memory/access.js';
import { AccessKind, hartBlock, Watch } from '../../src/memory/map.js';
import { Op } from '../../src/memory/trace-event.js';
import { readOutcome } from '../books/statistics.js';
import type { Kernel } from '../main.js';
import type { Pacing } from './pacing.js';
import { LOAD, STORE, type UserMemory } from './user-memory.js';

/** The smallest budget: an engine looks at it at jumps only, so it comes back after one basic block. */
const ONE_BLOCK = 1;

/** What an access does in one page. */
interface AccessPart {
  readonly at: number;
  readonly pa: number;
  readonly bytes: number;
}

/** A hart's run loop under a schedule: user code access by access and block by block, until the first process has exited. */
export class ProgramRun {
  constructor(
    private readonly kernel: Kernel,
    private readonly hart: Hart,
    private readonly memory: UserMemory,
    private readonly mem: SharedAccess,
    private readonly pacing: Pacing,
  ) {}

  run(first: Next): void {
    const { kernel, hart, mem, pacing } = this;
    // Time stands still in scenarios.
    const csrs = new CsrFile(hart, () => 0n);
    hart.watch = Watch.Announce;
    let next = first;
    let exit: Exit = Exit.Budget;
    while (next !== Next.Halt) {
      if (next === Next.Idle) {
        pacing.bell();
        // The bell may have rung for the halt before it was noted: the free run loop looks at its stop word here.
        if (readOutcome(hart.memory.ram, kernel.layout) !== undefined) break;
        pacing.idle(hart);
        next = kernel.interrupt(hart);
        continue;
      }
      // An access was a point itself.
      if (exit !== Exit.Access) pacing.betweenBlocks();
      if (mem.ask(Question.TlbEvicted) !== 0) hart.sfenceVma();
      if (mem.ask(Question.TimerFires) !== 0) {
        next = kernel.interrupt(hart);
        exit = Exit.Trap;
        continue;
      }
      exit = this.toNextAccess();
      const isCarriedOut = exit !== Exit.Access || this.access();
      const trapped =
        exit === Exit.Trap ||
        !isCarriedOut ||
        (exit === Exit.System && carryOutSystem(hart, csrs) === SystemResult.Trap);
      if (trapped) next = kernel.trap(hart, hart.cause);
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
    const { kind, size } = hart.announced;
    if (kind === AccessKind.Fence) return this.carryOut();
    const va = hart.trapAddress;
    const user = kind === AccessKind.Load || kind === AccessKind.LoadReserved ? LOAD : STORE;
    // An access that is not aligned may lie in two pages, which are both there before a byte of it is stored.
    const parts: AccessPart[] = [];
    for (let at = va; at < va + size; at = at - (at % PAGE_SIZE) + PAGE_SIZE) {
      const pa = memory.translate(at, user);
      // The engine finds that out by itself.
      if (pa === undefined) return this.carryOut();
      parts.push({ at, pa, bytes: Math.min(va + size - at, PAGE_SIZE - (at % PAGE_SIZE)) });
    }
    const stores = kind === AccessKind.StoreConditional ? this.maySucceed(parts) : user === STORE;
    if (!this.userCode(stores ? Op.Store : Op.Load, parts)) return false;
    for (const { at, pa } of parts) memory.tellIfStale(at, pa, user);
    return true;
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
  private userCode(op: typeof Op.Load | typeof Op.Store, [first, ...rest]: readonly AccessPart[]): boolean {
    if (first === undefined) return this.carryOut();
    return this.pacing.userAccess(op, first.pa, first.bytes, () => this.userCode(op, rest));
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

/** The machine halts: harts that are idle would wait for ever. */
function wakeOthers(hart: Hart): void {
  const { host, map } = hart.memory;
  for (const { block } of map.harts) hartBlock.fields.doorbell.add(host, block, 1);
}
