import { Cause } from '../isa/causes.js';
import { Privilege } from '../isa/privilege.js';
import { StopRequest } from '../memory/map.js';
import type { Board } from './board.js';
import { CsrFile } from './csr-file.js';
import type { Doorbells } from './doorbells.js';
import { Exit } from './engine.js';
import { comeUp, giveWay, meetDebugger, parkUntilBell, standStill } from './gathering.js';
import type { GuestObserver } from './guest-observer.js';
import { type GuestSlice, InstructionSlice, ProbedSlice } from './guest-slice.js';
import type { Hart } from './hart.js';
import { carryOutSystem, SystemResult } from './system.js';
import { enterException, enterInterrupt, takeableInterrupt } from './trap-entry.js';

/** How often a hart under a guest kernel looks up from its instructions. */
export interface GuestTiming {
  /** Instructions between two looks at the clock and at interrupts, at most. */
  readonly slice: number;
  /** Instructions that an exit from guest code counts for, because it takes their time. */
  readonly exit: number;
  /**
   * Slices between two pauses of a busy hart, where there are more harts than cores: 0: none. A hart that spins for a lock
   * gives its core away more often than the host takes it, which may be what the hart that holds the lock waits for.
   */
  readonly stint: number;
  /** Longest sleep of a hart that waits for an interrupt, in milliseconds: whoever has one for it wakes it. */
  readonly idle: number;
  /** Ticks of the `time` counter per millisecond. */
  readonly ticks: number;
}

/** Where a hart begins. */
export interface Reset {
  /** Address of the first instruction. */
  readonly entry: number;
  /** Physical address of the device tree. */
  readonly deviceTree: number;
}

/** A hart as it comes out of reset, and as firmware on this board leaves it: a0 says which hart, a1 where the device tree is. */
export function resetHart(hart: Hart, { entry, deviceTree }: Reset): void {
  hart.privilege = Privilege.Machine;
  hart.pc = BigInt(entry);
  hart.setX(10, BigInt(hart.id));
  hart.setX(11, BigInt(deviceTree));
}

/**
 * A hart's life under a guest's own kernel: exceptions and interrupts go to its vectors, devices answer on this thread.
 * Returns when the machine is asked to stop; throws `MachineAborted` when another hart died.
 */
export class GuestRun {
  private readonly csrs: CsrFile;
  private readonly slice: GuestSlice;
  private unfinished = false;
  private slices = 0;

  /** @param observer whoever has probed the hart; undefined: nobody has, and it need not look up at jumps */
  constructor(
    private readonly hart: Hart,
    private readonly board: Board,
    private readonly doorbells: Doorbells,
    private readonly timing: GuestTiming,
    private readonly observer?: GuestObserver,
  ) {
    const { slice, exit } = timing;
    this.slice = observer === undefined ? new InstructionSlice(hart, slice, exit) : new ProbedSlice(hart, slice);
    this.csrs = new CsrFile(
      hart,
      () => BigInt(board.time()),
      () => board.update(hart),
    );
  }

  run(): void {
    const { hart } = this;
    comeUp(hart);
    for (;;) {
      const request = hart.stopRequest;
      if (request === StopRequest.Pause) standStill(hart);
      else if (request !== StopRequest.Run) return;
      this.step();
    }
  }

  /** Guest code until something needs the hart, and what it needs. */
  private step(): void {
    const { hart, timing, observer, slice } = this;
    // Between a device's answer and the end of the instruction that waits for it nothing can happen to the hart.
    if (this.unfinished) this.unfinished = false;
    else this.takeInterrupt();
    slice.begin();
    switch (hart.engine.run()) {
      case Exit.Trap:
        if (hart.cause !== Cause.Breakpoint || !meetDebugger(hart)) enterException(hart, hart.cause, hart.trapValue);
        break;
      case Exit.System:
        this.carryOutSystem();
        observer?.hasSystem();
        break;
      case Exit.Bus:
        if (!this.takeInterrupt()) this.access();
        break;
      case Exit.Budget:
        observer?.arrived();
        break;
    }
    if (!slice.isOver()) return;
    this.board.update(hart);
    if (timing.stint > 0 && ++this.slices % timing.stint === 0) giveWay(hart);
  }

  private takeInterrupt(): boolean {
    const interrupt = takeableInterrupt(this.hart);
    if (interrupt !== undefined) enterInterrupt(this.hart, interrupt);
    return interrupt !== undefined;
  }

  private carryOutSystem(): void {
    const { hart } = this;
    const result = carryOutSystem(hart, this.csrs);
    if (result === SystemResult.Trap) enterException(hart, hart.cause, hart.trapValue);
    else if (result === SystemResult.Wait) this.wait();
  }

  private access(): void {
    const { hart, board } = this;
    const { address, size, stores } = hart.bus;
    const loaded = stores ? this.store(address, size) : board.load(address, size);
    if (loaded === undefined) {
      enterException(hart, hart.cause, hart.trapValue);
      return;
    }
    hart.answerBus(loaded);
    this.unfinished = true;
  }

  private store(address: number, size: number): bigint | undefined {
    return this.board.store(address, size, BigInt.asUintN(size * 8, this.hart.busValue)) ? 0n : undefined;
  }

  /** wfi: sleeps until an interrupt is pending that is enabled by itself, whatever mstatus says (Privileged ISA, "Wait for Interrupt"). */
  private wait(): void {
    const { hart, board, doorbells, timing } = this;
    for (;;) {
      doorbells.markIdle(hart);
      board.update(hart);
      if (this.isAwake()) break;
      if (!board.skipsSleep(hart))
        parkUntilBell(hart, Math.min(timing.idle, Math.max(0, (board.deadline(hart) - board.time()) / timing.ticks)));
    }
    doorbells.clearIdle(hart);
  }

  /** Whoever wants the machine to stop or to stand still wakes the hart too: it goes on behind its wfi, as it may. */
  private isAwake(): boolean {
    const { hart } = this;
    return (hart.pending & hart.enabledInterrupts) !== 0 || hart.stopRequest !== StopRequest.Run;
  }
}
