import type { Hart } from '../hart/hart.js';
import { Question } from '../memory/access.js';
import type { ControlledAccess } from '../schedule/controlled-access.js';
import type { KnownFunction } from './fit-profile.js';
import { guestBlock } from './guest-block.js';

const RA = 1;
const A0 = 10;
const { failedAllocations } = guestBlock.fields;

/** Calls of a kernel's allocator, which the schedule may let return 0 as if there were no free frame. */
export class FailingAllocations {
  private readonly addresses: ReadonlySet<number>;

  constructor(
    private readonly hart: Hart,
    private readonly access: Pick<ControlledAccess, 'ask'>,
    functions: readonly KnownFunction[],
  ) {
    this.addresses = new Set(functions.filter(({ role }) => role === 'allocate').map(({ address }) => address));
  }

  /** Whether one has failed in this run. */
  get hasFailed(): boolean {
    const { host, map } = this.hart.memory;
    return failedAllocations.load(host, map.devices) > 0;
  }

  /** The hart has come to an instruction by a jump. true: it was the allocator's first, and the call has returned without a frame. */
  carryOut(pc: number): boolean {
    if (!this.addresses.has(pc) || this.access.ask(Question.AllocationFails) === 0) return false;
    const { hart } = this;
    const { host, map } = hart.memory;
    failedAllocations.store(host, map.devices, failedAllocations.load(host, map.devices) + 1);
    hart.setX(A0, 0n);
    hart.pc = BigInt.asUintN(64, hart.getX(RA));
    return true;
  }
}
