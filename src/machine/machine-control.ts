import { isStopping, requestStop } from '../hart/stop-request.js';
import { controlBlock, hartBlock, StopRequest } from '../memory/map.js';
import type { SharedMemory } from '../memory/shared-memory.js';
import { SharedDoorbells } from './shared-doorbells.js';

/** What one hart's engine did. */
export interface EngineFigures {
  readonly instructions: number;
  /** Walks of the page table that succeeded. */
  readonly tlbFills: { readonly reads: number; readonly writes: number; readonly fetches: number };
  /** Regions translated; hot code that had been translated before; milliseconds that both took the hart. */
  readonly regions: number;
  readonly cacheHits: number;
  readonly translation: number;
}

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
    if (this.up !== this.memory.map.harts.length || !this.askToStand()) return undefined;
    if (!(await this.allStand())) return undefined;
    const result = audit();
    await this.goOn();
    return result;
  }

  /** Asks every hart to stand still between two slices. false: the machine stands already, or stops. */
  askToStand(): boolean {
    const { host, map } = this.memory;
    const { stop } = controlBlock.fields;
    if (stop.compareExchange(host, map.control, StopRequest.Run, StopRequest.Pause) !== StopRequest.Run) return false;
    // A hart that has come to a breakpoint waits for this.
    host.unpark(stop.at(map.control), map.harts.length);
    this.bells.ringAll();
    return true;
  }

  /** After `askToStand`: true once every hart stands; false when the machine stops before that. */
  async allStand(): Promise<boolean> {
    const { host, map } = this.memory;
    const { paused } = controlBlock.fields;
    for (;;) {
      // Pairs with the add in the run loop: what a counted hart wrote is visible here.
      const standing = paused.load(host, map.control);
      if (this.stopping) return false;
      if (standing === map.harts.length) return true;
      await host.changed(paused.at(map.control), standing, LOOK_MS);
    }
  }

  /** Lets harts that stand go on, all but those that are `held`; settles when all of them do. */
  async goOn(held: readonly number[] = []): Promise<void> {
    const { host, map } = this.memory;
    const { paused, stop, heldLow, heldHigh } = controlBlock.fields;
    heldLow.store(host, map.control, maskOf(held.filter((hart) => hart < HARTS_PER_WORD)));
    heldHigh.store(host, map.control, maskOf(held.filter((hart) => hart >= HARTS_PER_WORD)));
    stop.compareExchange(host, map.control, StopRequest.Pause, StopRequest.Run);
    host.unpark(stop.at(map.control), map.harts.length);
    // The next pause counts from there, so this one must have ended for every other hart.
    for (let standing = paused.load(host, map.control); standing !== held.length; ) {
      if (this.stopping) break;
      await host.changed(paused.at(map.control), standing, LOOK_MS);
      standing = paused.load(host, map.control);
    }
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
  /** What the hart's engine has counted. */
  engineFigures(hart: number): EngineFigures {
    const { host, map } = this.memory;
    const { block } = map.harts[hart]!;
    const { tlbReadMisses, tlbWriteMisses, fetchMisses, regions, regionHits, translationTime } = hartBlock.fields;
    const [reads, writes, fetches] = [tlbReadMisses, tlbWriteMisses, fetchMisses].map((one) => one.load(host, block));
    return {
      instructions: this.instructions(hart),
      tlbFills: { reads: reads!, writes: writes!, fetches: fetches! },
      regions: regions.load(host, block),
      cacheHits: regionHits.load(host, block),
      translation: translationTime.load(host, block) / 1000,
    };
  }
}

const HARTS_PER_WORD = 32;

function maskOf(harts: readonly number[]): number {
  return harts.reduce((mask, hart) => (mask | (1 << (hart % HARTS_PER_WORD))) >>> 0, 0);
}
