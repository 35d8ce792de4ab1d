import type { TraceEvent } from '../memory/trace-event.js';
import { type Finding, signatureOf } from '../races/finding.js';
import type { RunResult } from '../schedule/coordinator.js';
import type { Plan, PlannedSwitch } from '../schedule/plan.js';
import { replayPlan } from '../schedule/replay.js';
import type { Explorer, FailureKey } from './explorer.js';
import type { Judgement } from './judge.js';

/** A run and all that there is to know about it. */
export interface Trial {
  readonly result: RunResult;
  readonly judgement: Judgement;
  readonly trace: readonly TraceEvent[];
}

/** Runs one failure again and again, with other switches and other answers. */
export class Trials {
  /** Runs so far. */
  count = 0;
  /** The failure's plan: its order of preference, and the answers that are thought to be needed now. */
  plan: Plan;

  constructor(
    readonly explorer: Explorer,
    private readonly failure: FailureKey,
  ) {
    this.plan = failure.plan;
  }

  get signature(): string {
    return this.failure.signature;
  }

  run(switches: readonly PlannedSwitch[], preference = this.plan.preference): Trial {
    this.count++;
    const { result, judgement } = this.explorer.run(replayPlan({ ...this.plan, preference }, switches));
    return { result, judgement, trace: [...this.explorer.machine.trace()] };
  }

  /** Whether the failure comes back with these switches. */
  fails(switches: readonly PlannedSwitch[]): boolean {
    return this.target(this.judge(switches)) !== undefined;
  }

  /** What is held against the run with these switches. */
  judge(switches: readonly PlannedSwitch[]): Judgement {
    this.count++;
    return this.explorer.run(replayPlan(this.plan, switches)).judgement;
  }

  /** The failure as a run has it. */
  target({ failures }: Judgement): Finding | undefined {
    return failures.find((finding) => signatureOf(finding) === this.signature);
  }
}
