import { KernelEvent } from '../../src/memory/access.js';
import type { DirectAccess } from '../../src/memory/direct-access.js';
import { Op, type TraceEvent } from '../../src/memory/trace-event.js';
import { signatureOf } from './judge.js';
import type { ScenarioMachine } from './scenario-machine.js';

/**
 * The access after which the ledger's complaint never went away again: the first wrong step, not its discovery at the
 * end. The machine is put back, the traced writes are made again one by one, and the books are audited after each, with
 * the frames that operations in flight hold. Undefined when they balance to the end.
 *
 * Leaves the machine's memory as it is after the last access; the next run puts it back.
 */
export function firstWrongStep(
  machine: ScenarioMachine,
  trace: readonly TraceEvent[],
  signature: string,
): TraceEvent | undefined {
  const { ram } = machine.memory;
  const holds = new Map<number, number>();
  let wrongSince: TraceEvent | undefined;
  machine.restore();
  for (const event of trace) {
    if (event.op === Op.Note) {
      if (event.note === KernelEvent.HoldTaken) holds.set(event.address, (holds.get(event.address) ?? 0) + 1);
      if (event.note === KernelEvent.HoldDropped) holds.set(event.address, (holds.get(event.address) ?? 1) - 1);
    } else if (!repeat(ram, event)) continue;
    const wrong = machine.stage.audit(holds).some((summary) => signatureOf({ kind: 'ledger', summary }) === signature);
    if (!wrong) wrongSince = undefined;
    else wrongSince ??= event;
  }
  return wrongSince;
}

/** Makes a traced write again; false for what writes nothing that the ledger reads. */
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
      // `after` is the byte of a fill; what a copy wrote is user data, which the ledger does not read.
      if (after <= 0xff) ram.fill(address, after, size);
      return after <= 0xff;
    default:
      return false;
  }
}
