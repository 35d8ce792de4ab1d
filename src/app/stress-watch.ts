import { ProgressLine } from '../report/progress.js';
import { progressText, type RunCounters } from '../report/run-summary.js';
import type { HostedMachine } from './hosted-machine.js';

/** Between two lines of progress, and between two audits with the harts standing still. */
const PROGRESS_MS = 500;
const AUDIT_MS = 2000;

/** Runs a machine for some seconds, with a progress line on a terminal, and audits in between. */
export class StressWatch {
  private readonly line = new ProgressLine(process.stderr);
  private readonly timers: NodeJS.Timeout[] = [];
  /** The audit under way. */
  private auditing: Promise<void> | undefined;
  private before: RunCounters;
  private beforeAt = 0;
  private started = 0;

  /** @param seconds from the moment when every hart is up */
  constructor(
    private readonly machine: HostedMachine,
    private readonly seconds: number,
  ) {
    this.before = machine.counters();
  }

  /** Settles and throws as the machine's `run`. */
  async run(): Promise<void> {
    this.timers.push(setInterval(() => this.showProgress(), PROGRESS_MS));
    try {
      await Promise.all([this.machine.run(), this.begin()]);
      await this.auditing;
    } finally {
      for (const timer of this.timers) clearInterval(timer);
      this.line.clear();
    }
  }

  private async begin(): Promise<void> {
    if (!(await this.machine.control.allUp())) return;
    this.started = performance.now();
    this.beforeAt = this.started;
    this.timers.push(
      setInterval(() => {
        // A large memory takes long to audit, and the machine must run in between.
        this.auditing ??= this.machine.auditStandingStill().finally(() => {
          this.auditing = undefined;
        });
      }, AUDIT_MS),
      setTimeout(() => this.machine.control.stop(), this.seconds * 1000),
    );
  }

  private showProgress(): void {
    if (this.started === 0) {
      this.line.show(`starting: ${this.machine.control.up} harts are up`);
      return;
    }
    const now = this.machine.counters();
    const at = performance.now();
    const text = progressText((at - this.started) / 1000, (at - this.beforeAt) / 1000, this.before, now);
    this.line.show(text);
    [this.before, this.beforeAt] = [now, at];
  }
}
