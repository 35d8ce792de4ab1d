import { hartBlock } from '../memory/map.js';
import type { Hart } from './hart.js';

/** How long a hart under a guest's kernel runs until it looks at the clock and at interrupts. */
export interface GuestSlice {
  /** Before the hart goes on. */
  begin(): void;
  /** The engine has left guest code; whether the slice is used up, and the next has begun. */
  isOver(): boolean;
}

/** By instructions: the engine stops for nothing else. */
export class InstructionSlice implements GuestSlice {
  /** @param exit instructions that an exit counts for, because it takes their time */
  constructor(
    private readonly hart: Hart,
    private readonly instructions: number,
    private readonly exit: number,
  ) {}

  begin(): void {}

  isOver(): boolean {
    if (!this.hart.spend(this.exit)) return false;
    this.hart.budget = this.instructions;
    return true;
  }
}

/** Instructions between two jumps, or so. */
const PER_JUMP = 5;
/** The smallest budget: the engine looks up at every jump then, and goes on unless the place is probed. */
const ONE_BLOCK = 1;

/** By jumps, so that the engine stops wherever the hart is probed. */
export class ProbedSlice implements GuestSlice {
  private readonly jumps: number;

  /** @param instructions as of an `InstructionSlice`, which is about as long */
  constructor(
    private readonly hart: Hart,
    instructions: number,
  ) {
    this.jumps = Math.ceil(instructions / PER_JUMP);
    this.left = this.jumps;
  }

  begin(): void {
    this.hart.budget = ONE_BLOCK;
  }

  isOver(): boolean {
    const { left } = this;
    // An exit takes time too, and a hart that makes no jump has no other end.
    this.left = left > 0 ? left - 1 : this.jumps;
    return left === 0;
  }

  private get left(): number {
    return hartBlock.fields.jumpsLeft.load(this.hart.memory.host, this.hart.map.block);
  }
  private set left(jumps: number) {
    hartBlock.fields.jumpsLeft.store(this.hart.memory.host, this.hart.map.block, jumps);
  }
}
