import { KernelEvent } from '../memory/access.js';
import type { RunResult } from '../schedule/coordinator.js';
import { type Plan, type PlannedAnswer, type PlannedSwitch, plainPlan } from '../schedule/plan.js';
import { RunEnd } from '../schedule/schedule-block.js';
import { ownPoint, SwitchReason } from '../schedule/switch-reason.js';
import type { ControlledMachine } from './controlled-machine.js';

/** Harts do one operation after the other, and change between two of them: a run, and what else may be done from some point of it on. */
interface Order {
  readonly preference: readonly number[];
  readonly switches: readonly PlannedSwitch[];
  /** The step from which on nothing has been chosen yet. */
  readonly from: number;
}

/**
 * Runs a machine's operations in every serial order, that is, with changes of the turn only where the hart that has it is
 * between two operations (`KernelEvent.OperationBegins`), and with these answers to the machine's questions. Each run is
 * there to be looked at until the next is asked for. Runs that came to no end are left out.
 */
export function* serialRuns(machine: ControlledMachine, answers: readonly PlannedAnswer[]): Generator<RunResult> {
  const { preference } = plainPlan(machine.memory.map.harts.length);
  const open: Order[] = preference.map((first) => ({
    preference: [first, ...preference.filter((hart) => hart !== first)],
    switches: [],
    from: 0,
  }));
  for (let order = open.pop(); order !== undefined; order = open.pop()) {
    const plan: Plan = { preference: order.preference, unit: 'own', strict: false, switches: order.switches, answers };
    const result = machine.run(plan);
    const choices = [...choicesOf(machine, result, order.from)];
    // Somebody waited in the middle of an operation: the others went on in the middle of it.
    const isSerial = !result.switches.some(({ reason }) => reason === SwitchReason.Blocked);
    if (isSerial && result.end === RunEnd.Done) yield result;
    for (const { step, entry } of choices) open.push({ ...order, switches: [...order.switches, entry], from: step });
  }
}

/** What may be done otherwise in a run, beyond step `from`: who gets the turn before each operation, and when a hart has finished. */
function* choicesOf(
  machine: ControlledMachine,
  { switches }: RunResult,
  from: number,
): Generator<{ readonly step: number; readonly entry: PlannedSwitch }> {
  const finished = switches.filter(({ reason }) => reason === SwitchReason.Finished);
  const others = (step: number, ...without: readonly number[]) =>
    machine.memory.map.harts
      .map((_, hart) => hart)
      .filter((hart) => !without.includes(hart) && !finished.some((end) => end.from === hart && end.step <= step));
  const begun = machine.trace();
  const seen = new Set<number>();
  for (const { note, hart, step } of begun) {
    // Whoever has just got the turn does one operation at least.
    if (note !== KernelEvent.OperationBegins || step <= from || seen.has(step)) continue;
    if (switches.some((change) => change.step === step)) continue;
    seen.add(step);
    const at = ownPoint(switches, hart, step);
    for (const other of others(step, hart)) yield { step, entry: { hart, at, action: { kind: 'to', hart: other } } };
  }
  for (const { from: hart, to, own: at, step } of finished)
    if (step > from)
      for (const other of others(step, hart, to))
        yield { step, entry: { hart, at, action: { kind: 'to', hart: other } } };
}
