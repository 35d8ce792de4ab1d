import { hartBlock, KERNBASE, MARKED_ENTRIES, PGSIZE } from '../memory/map.js';
import { takeOwnFrames } from '../memory/own-frames.js';
import { SharedMemory } from '../memory/shared-memory.js';
import { Snapshot } from '../memory/snapshot.js';
import { ControlledAccess } from '../schedule/controlled-access.js';
import { Coordinator, type RunResult } from '../schedule/coordinator.js';
import { takePart } from '../schedule/participant.js';
import type { Plan } from '../schedule/plan.js';
import { controlledConfig } from '../schedule/schedule-block.js';
import type { Trace } from '../schedule/trace.js';
import { Turn } from '../schedule/turn.js';
import type { MachineShape, Subject, SubjectHart, SubjectKind } from './subject.js';

/** Trace events that a run may leave per point: the accesses, and what the supervisor tells of them. */
const EVENTS_PER_POINT = 2;

/** How runs of a machine go, whatever its subject. Structured-cloneable. */
export interface RunLimits {
  /** Points after which a run counts as a livelock. */
  readonly stepLimit: number;
  /** Looks for its turn that a hart takes before it parks: many while every hart has a core, none when it has not. */
  readonly spins: number;
}

/** Memory for a subject of this shape, all zero, with room for the trace of the longest run. Throws NoRoomError. */
export function memoryFor(
  { harts, memory, devices = 0, disk = 0 }: MachineShape,
  { stepLimit }: RunLimits,
): SharedMemory {
  return SharedMemory.create({ ...controlledConfig(harts, memory, stepLimit * EVENTS_PER_POINT), devices, disk });
}

/**
 * A subject, set up once and put back before every run. The thread that makes it is hart 0 and coordinates; the other
 * harts' threads take part in the runs (`takePartInRuns`).
 */
export class ControlledMachine {
  readonly subject: Subject;
  readonly coordinator: Coordinator;
  private readonly turn: Turn;
  private readonly hart: SubjectHart;
  private readonly harts: number;
  private readonly hostSnapshots: readonly Snapshot[];
  private readonly ramSnapshot: Snapshot;
  private lastWritten: ReadonlySet<number> | undefined;

  /**
   * @param memory all zero
   * @param digest a cryptographic hash in hexadecimal
   * Throws SubjectError when the kind cannot make such a subject there.
   */
  constructor(
    kind: SubjectKind,
    config: unknown,
    readonly memory: SharedMemory,
    { stepLimit, spins }: RunLimits,
    private readonly digest: (bytes: Uint8Array) => string,
  ) {
    const { map, host, ram } = memory;
    this.harts = map.harts.length;
    this.subject = kind.open(config, memory);
    for (const { block } of map.harts) {
      hartBlock.fields.marks.store(host, block, 0);
      // Versions of granules go on from run to run, so a reservation would hold in the first alone. It may be lost at any time.
      hartBlock.fields.reservedGranule.store(host, block, 0);
    }
    this.coordinator = new Coordinator(memory, this.harts, stepLimit);
    this.coordinator.contended.clear();
    for (const address of this.subject.contended ?? []) this.coordinator.contended.add(address);
    this.turn = new Turn(memory, 0, { spins });
    // The control block, and each hart's registers and TLBs; decoded code is a cache, and valid in every run.
    this.hostSnapshots = [
      new Snapshot(host, 0, map.harts[0]!.block),
      ...map.harts.map(({ block, code }) => new Snapshot(host, block, code - block)),
    ];
    this.ramSnapshot = new Snapshot(ram, KERNBASE, map.ramSize);
    // After the snapshots: to make a hart's engine empties its TLBs.
    this.hart = kind.hart(config, memory, 0, new ControlledAccess(memory, this.turn));
    // No run has been: what the trace region holds is another subject's.
    this.lastWritten = new Set();
  }

  /** One run from the beginning. The trace is there until the next. Throws MachineAborted when a hart's thread has died. */
  run(plan: Plan): RunResult {
    this.awaitThreads();
    this.restore();
    this.lastWritten = undefined;
    this.coordinator.begin(plan);
    takePart(this.memory, this.turn, () => this.hart);
    return this.coordinator.awaitEnd();
  }

  /** Waits until the other harts' threads have come up. Throws MachineAborted when one has died. */
  awaitThreads(): void {
    this.coordinator.awaitThreads(this.harts - 1);
  }

  /** What the last run did; good until the next. */
  trace(): Trace {
    return this.coordinator.trace();
  }

  /** A digest of RAM as the last run left it, in hexadecimal. */
  memoryHash(): string {
    return this.digest(this.memory.ram.read(KERNBASE, this.memory.map.ramSize));
  }

  /** Lets the other threads go. */
  dismiss(): void {
    this.coordinator.dismiss();
  }

  /** Puts the machine back to where every run begins: the frames that the last run wrote, and what changes without a trace. */
  restore(): void {
    const written = this.written();
    this.subject.restore?.();
    for (const snapshot of this.hostSnapshots) snapshot.restoreAll();
    for (const { start, bytes } of this.subject.untraced)
      for (let page = start; page < start + bytes; page += PGSIZE) this.ramSnapshot.restorePage(page);
    for (const frame of written) this.ramSnapshot.restorePage(frame);
  }

  /** Frames that the last run wrote: by accesses that stand in its trace, by page walks that set A or D, and by harts in what is their own. */
  written(): ReadonlySet<number> {
    this.lastWritten ??= new Set([...this.framesInTrace(), ...this.framesMarked(), ...takeOwnFrames(this.memory)]);
    return this.lastWritten;
  }

  private framesInTrace(): Set<number> {
    const frames = new Set<number>();
    let latest = 0;
    this.trace().showWrites((address, bytes) => {
      const frame = frameOf(address);
      if (frame !== latest && !this.isUntraced(frame)) frames.add(frame);
      latest = frame;
      for (let next = frame + PGSIZE; next < address + bytes; next += PGSIZE) frames.add(next);
    });
    return frames;
  }

  /** It is put back whatever a run does. */
  private isUntraced(frame: number): boolean {
    return this.subject.untraced.some(({ start, bytes }) => frame >= start && frame < start + bytes);
  }

  private framesMarked(): number[] {
    const { host, map } = this.memory;
    const { marks, markedEntries } = hartBlock.fields;
    return map.harts.flatMap(({ block }) => {
      const count = marks.load(host, block);
      if (count > MARKED_ENTRIES) return Array.from({ length: map.ramSize / PGSIZE }, (_, i) => KERNBASE + i * PGSIZE);
      return Array.from({ length: count }, (_, i) => frameOf(host.load32(markedEntries.at(block, i))));
    });
  }
}

function frameOf(address: number): number {
  return address - (address & (PGSIZE - 1));
}
