import type { Board } from '../hart/board.js';
import { CsrFile } from '../hart/csr-file.js';
import { Exit } from '../hart/engine.js';
import type { Hart } from '../hart/hart.js';
import { carryOutSystem, SystemResult } from '../hart/system.js';
import { enterException, enterInterrupt, takeableInterrupt } from '../hart/trap-entry.js';
import type { AddressSpaces } from './address-spaces.js';
import { spacesOf } from './guest-block.js';

/** What a hart does about an exit of its engine, without any thread that could wait: whoever has all harts of a machine in hand calls it. */
export class GuestCpu {
  private readonly csrs: CsrFile;
  private readonly spaces: AddressSpaces;
  /** A device has answered, and the instruction that waits for it is not finished: nothing can happen to the hart. */
  private unfinished = false;

  constructor(
    readonly hart: Hart,
    private readonly board: Board,
  ) {
    this.spaces = spacesOf(hart.memory);
    this.csrs = new CsrFile(
      hart,
      () => BigInt(board.time()),
      () => board.update(hart),
    );
  }

  get isUnfinished(): boolean {
    return this.unfinished;
  }

  /** Whether an interrupt was pending and enabled, and has been entered. */
  takeInterrupt(): boolean {
    if (this.unfinished || (this.hart.pending & this.hart.enabledInterrupts) === 0) return false;
    const interrupt = takeableInterrupt(this.hart);
    if (interrupt !== undefined) enterInterrupt(this.hart, interrupt);
    return interrupt !== undefined;
  }

  /** Guest code until its budget is spent or something needs the hart. */
  run(): Exit {
    this.unfinished = false;
    return this.hart.engine.run();
  }

  /** Carries out what the engine left to the hart. true: the hart waits for an interrupt. */
  handle(exit: Exit): boolean {
    const { hart } = this;
    switch (exit) {
      case Exit.Trap:
        enterException(hart, hart.cause, hart.trapValue);
        return false;
      case Exit.System: {
        const result = carryOutSystem(hart, this.csrs);
        if (result === SystemResult.Trap) enterException(hart, hart.cause, hart.trapValue);
        this.spaces.note(hart);
        return result === SystemResult.Wait;
      }
      case Exit.Bus:
        this.access();
        return false;
      default:
        return false;
    }
  }

  private access(): void {
    const { hart, board } = this;
    const { address, size, stores } = hart.bus;
    const value = BigInt.asUintN(size * 8, hart.busValue);
    const loaded = stores ? (board.store(address, size, value) ? 0n : undefined) : board.load(address, size);
    if (loaded === undefined) {
      enterException(hart, hart.cause, hart.trapValue);
      return;
    }
    hart.answerBus(loaded);
    this.unfinished = true;
  }
}
