import { isStopping, requestStop } from '../hart/stop-request.js';
import { controlBlock, hartBlock, StopRequest } from '../memory/map.js';
import type { SharedMemory } from '../memory/shared-memory.js';
import { SharedDoorbells } from './shared-doorbells.js';

/** How long the main thread waits for the harts before it looks again whether they still live, in milliseconds. */
const LOOK_MS = 100;

/** The main thread's hand on the harts: stop, abort, and stand still for an audit. */
export class MachineControl {
  private readonly bells: SharedDoorbells;

  constructor(private readonly memory: SharedMemory) {
    this.bells = new SharedDoorbells(memory);
  }

  get stopping(): boolean {
    return isStopping(this.memory);
  }

  /** Every hart leaves its loop at the end of its slice; nothing is cut off half-way. */
  stop(): void {
    requestStop(this.memory, StopRequest.Stop);
  }

  /** A hart has died: those that wait for a lock it held give up too. */
  abort(): void {
    requestStop(this.memory, StopRequest.Abort);
  }

  /** Harts that have come up. */
  get up(): number {
    // Pairs with the addition in the run loop.
    return controlBlock.fields.up.load(this.memory.host, this.memory.map.control);
  }

  /** true once every hart has come up, before which none runs guest code; false when the machine is stopped before that. */
  async allUp(): Promise<boolean> {
    const { host, map } = this.memory;
    for (let up = this.up; up !== map.harts.length; up = this.up) {
      if (this.stopping) return false;
      await host.changed(controlBlock.fields.up.at(map.control), up, LOOK_MS);
    }
    return true;
  }

  /**
   * Runs `audit` while every hart stands between two slices, then lets them go on.
   * Returns undefined, without running it, when not all harts are up yet, or the machine stops before all of them stand.
   */
  async whileStandingStill<T>(audit: () => T): Promise<T | undefined> {
    const { host, map } = this.memory;
    const { paused, stop } = controlBlock.fields;
    if (this.up !== map.harts.length) return undefined;
    if (stop.compareExchange(host, map.control, StopRequest.Run, StopRequest.Pause) !== StopRequest.Run)
      return undefined;
    this.bells.ringAll();
    for (;;) {
      // Pairs with the add in the run loop: what a counted hart wrote is visible here.
      const standing = paused.load(host, map.control);
      if (this.stopping) return undefined;
      if (standing === map.harts.length) break;
      await host.changed(paused.at(map.control), standing, LOOK_MS);
    }
    const result = audit();
    stop.compareExchange(host, map.control, StopRequest.Pause, StopRequest.Run);
    host.unpark(stop.at(map.control), map.harts.length);
    // The next pause counts from zero, so this one must have ended for every hart.
    for (let standing = paused.load(host, map.control); standing !== 0; standing = paused.load(host, map.control)) {
      if (this.stopping) break;
      await host.changed(paused.at(map.control), standing, LOOK_MS);
    }
    return result;
  }

  /** Where a hart was when it was last heard of, for the report of its death. */
  whereabouts(hart: number): { pc: number; threadId: number } {
    const block = this.memory.map.harts[hart]!.block;
    return {
      pc: hartBlock.fields.pc.load(this.memory.host, block),
      threadId: hartBlock.fields.threadId.load(this.memory.host, block),
    };
  }

  /** Whether the hart's thread has loaded its modules and begun. */
  hasBegun(hart: number): boolean {
    return this.whereabouts(hart).threadId !== 0;
  }

  instructions(hart: number): number {
    return hartBlock.fields.instret.load(this.memory.host, this.memory.map.harts[hart]!.block);
  }
}
