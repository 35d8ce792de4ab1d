import { KernelEvent } from '../memory/access.js';
import type { DirectAccess } from '../memory/direct-access.js';
import { Op, type TraceEvent } from '../memory/trace-event.js';
import { signatureOf } from '../races/finding.js';
import type { ControlledMachine } from './controlled-machine.js';

/**
 * The access after which the complaint of the subject's books never went away again: the first wrong step, not its
 * discovery at the end. The machine is put back, the traced writes are made again one by one, and the books are audited
 * after each, with the frames that operations in flight hold. Undefined when they balance to the end, or nobody keeps any.
 *
 * Leaves the machine's memory as it is after the last access; the next run puts it back.
 */
export function firstWrongStep(
  machine: ControlledMachine,
  trace: readonly TraceEvent[],
  signature: string,
): TraceEvent | undefined {
  const { memory, subject } = machine;
  const { ram } = memory;
  const holds = new Map<number, number>();
  let wrongSince: TraceEvent | undefined;
  machine.restore();
  for (const event of trace) {
    if (event.op === Op.Note) {
      if (event.note === KernelEvent.HoldTaken) holds.set(event.address, (holds.get(event.address) ?? 0) + 1);
      if (event.note === KernelEvent.HoldDropped) holds.set(event.address, (holds.get(event.address) ?? 1) - 1);
    } else if (!repeat(ram, event)) continue;
    const wrong = subject.audit?.(holds).some((complaint) => signatureOf(complaint) === signature) ?? false;
    if (!wrong) wrongSince = undefined;
    else wrongSince ??= event;
  }
  return wrongSince;
}

/** Makes a traced write again; false for what writes nothing that books are kept in. */
function repeat(ram: DirectAccess, { op, address, value, after, size }: TraceEvent): boolean {
  switch (op) {
    case Op.Store:
      if (size === 1) ram.store8(address, value);
      else if (size === 8) ram.store64(address, value);
      else ram.store32(address, value);
      return true;
    case Op.AtomicStore:
    case Op.AtomicUpdate:
      ram.store32(address, after);
      return true;
    case Op.BulkWrite:
      // `after` is the byte of a fill; what a copy wrote is user data, in which no books are kept.
      if (after <= 0xff) ram.fill(address, after, size);
      return after <= 0xff;
    default:
      return false;
  }
}
