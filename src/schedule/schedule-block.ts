import type { DirectAccess } from '../memory/direct-access.js';
import { KERNBASE, MAX_HARTS, type MapConfig, PGSIZE } from '../memory/map.js';
import type { SharedMemory } from '../memory/shared-memory.js';
import { alignUp, array, atomic32, bytes, struct, u32 } from '../memory/struct.js';
import { ghostOf } from '../memory/trace-event.js';
import type { Contended } from './equivalence.js';
import { virtualTimeSize } from './time-block.js';

/** Longest plan and longest record of switches; a run that switches more often ends at its step limit. */
export const MAX_SWITCHES = 8192;
export const MAX_ANSWERS = 256;
/** Points after which a run may count as a livelock: there must be room for the trace of a run that long. */
export const STEP_LIMITS = { min: 1, max: 1_000_000 } as const;
const QUESTIONS = 8;
/** Bytes of a panic's text that are kept. */
export const MAX_MESSAGE = 1024;
export const MAX_PLACE = 256;

/** Words that a hart may wait for at once. */
export const MAX_WAITS = 4;
/** Words in which a policy remembers what it likes. */
export const POLICY_WORDS = 512;

export const waitWord = struct('waitWord', { address: u32, value: u32 });

export const hartTurn = struct('hartTurn', {
  /** 1: the turn is yours. Futex word, the only one through which the turn passes. */
  go: atomic32,
  /** A `HartState`. */
  state: u32,
  /** What a blocked hart waits for: that one of the words (in the RAM view, or the host view if `host`) is no longer its value. */
  waitCount: u32,
  waits: array(waitWord, MAX_WAITS),
  host: u32,
  /** 1: it may go on without a change, when nobody else can go on. */
  patient: u32,
  /** The access before which the hart gave the turn away; kept only under a policy. No bytes: not known. */
  pendingAddress: u32,
  pendingBytes: u32,
  pendingWrites: u32,
});

export const HartState = { Ready: 0, Blocked: 1, Finished: 2 } as const;
export type HartState = (typeof HartState)[keyof typeof HartState];

export const plannedSwitch = struct('plannedSwitch', { at: u32, hart: u32, action: u32, operand: u32 });
export const plannedAnswer = struct('plannedAnswer', { question: u32, nth: u32, answer: u32 });
export const recordedSwitch = struct('recordedSwitch', {
  step: u32,
  contended: u32,
  own: u32,
  from: u32,
  to: u32,
  reason: u32,
});

/**
 * Everything that a controlled run shares. Only the hart that has the turn touches it, so the fields are plain; the
 * `go` words order them (release when the turn is given, acquire when it is taken).
 */
export const scheduleBlock = struct('schedule', {
  /** 0 while the run goes on, then a `RunEnd`. Futex word of the coordinator. */
  ended: atomic32,
  /** Harts that have left the run; the coordinator waits until it is all of them. */
  settled: atomic32,
  /** 1: the threads shall leave their loops. */
  quit: atomic32,
  /** Standing threads that have come up; whoever starts the first run waits for them. */
  ready: atomic32,
  endedBy: u32,
  /** What the supervisor threw, as UTF-8, and the place that it names. */
  messageLength: u32,
  message: bytes(MAX_MESSAGE),
  placeLength: u32,
  place: bytes(MAX_PLACE),
  steps: u32,
  contended: u32,
  stepLimit: u32,
  /** 1: the harts leave the stack of every access in the capture area. */
  capture: u32,
  captureLength: u32,
  /** 1: the words that harts contend for are known, so that guest code need not stop before accesses to others. */
  quiet: u32,
  traceLength: u32,
  hartCount: u32,
  unit: u32,
  strict: u32,
  /** The policy that decides during the run (`policyCode`); 0: none does. */
  policy: u32,
  policySeed: u32,
  policyWords: array(u32, POLICY_WORDS),
  preference: array(u32, MAX_HARTS),
  switchCount: u32,
  nextSwitch: u32,
  /** Harts that the plan puts in the place of those that cannot go on, and how many of those there have been. */
  successorCount: u32,
  forced: u32,
  answerCount: u32,
  recordCount: u32,
  /** 1 + number of the first point at which the plan could not be followed: the hart it named was not able to run. */
  parted: u32,
  asked: array(u32, QUESTIONS),
  harts: array(hartTurn, MAX_HARTS),
  switches: array(plannedSwitch, MAX_SWITCHES),
  successors: array(u32, MAX_SWITCHES),
  answers: array(plannedAnswer, MAX_ANSWERS),
  record: array(recordedSwitch, MAX_SWITCHES),
});

/** Why a run ended. */
export const RunEnd = {
  Running: 0,
  Done: 1,
  /** No hart can go on and not all are finished. */
  Deadlock: 2,
  /** The step limit was reached: a livelock, or a limit that is too low. */
  StepLimit: 3,
  /** The supervisor threw: a panic or a wild access. */
  Thrown: 4,
} as const;
export type RunEnd = (typeof RunEnd)[keyof typeof RunEnd];

/** Room for the stacks of one run that is to be explained. */
export const CAPTURE_BYTES = 1 << 21;

/** Words of one trace event. */
export const TRACE_WORDS = 5;

/** Where the parts of the schedule's region lie: the block, a bit per word of RAM and ghost word that is contended, captured stacks, clocks and caches, the trace. */
export interface ScheduleMap {
  readonly block: number;
  readonly contendedBits: number;
  readonly contendedBytes: number;
  /** Where `VirtualTime` lies, and how many cache lines it has room for; 0: it keeps no time. */
  readonly time: number;
  readonly lines: number;
  readonly trace: number;
  /** Events that a run may leave; 0: none are kept, nor switches, however long it is. */
  readonly traceLimit: number;
  readonly captures: number;
}

function parts(memory: number, traceLimit: number, lines: number) {
  const contendedBits = alignUp(scheduleBlock.size, 64);
  // A bit for each word of RAM, and then one for each frame's ghost word.
  const ram = memory * 1024 * 1024;
  const contendedBytes = ram / 4 / 8 + ram / PGSIZE / 8;
  const captures = contendedBits + contendedBytes;
  const time = captures + CAPTURE_BYTES;
  const trace = time + virtualTimeSize(lines);
  return { contendedBits, contendedBytes, captures, time, trace, size: trace + traceLimit * TRACE_WORDS * 4 };
}

/**
 * The memory configuration of a machine whose runs keep `traceLimit` events, and virtual time for at most so many cache lines.
 * @param lockstat as in `MapConfig`
 */
export function controlledConfig(
  harts: number,
  memory: number,
  traceLimit: number,
  lines = 0,
  lockstat = 0,
): MapConfig {
  return { harts, memory, lockstat, lines, schedule: parts(memory, traceLimit, lines).size };
}

export function scheduleMap(memory: SharedMemory): ScheduleMap {
  const { config, schedule } = memory.map;
  const lines = config.lines ?? 0;
  const fixed = parts(config.memory, 0, lines);
  const traceLimit = Math.floor(((config.schedule ?? 0) - fixed.size) / (TRACE_WORDS * 4));
  if (traceLimit < 0) throw new RangeError('this machine has no room for a schedule: make it with controlledConfig');
  return {
    block: schedule,
    contendedBits: schedule + fixed.contendedBits,
    contendedBytes: fixed.contendedBytes,
    time: schedule + fixed.time,
    lines,
    trace: schedule + fixed.trace,
    captures: schedule + fixed.captures,
    traceLimit,
  };
}

/** Words on which harts can disturb one another, ghost words of frames (`ghostOf`) among them, as a set of bits in the schedule's region. */
export class ContendedWords implements Contended {
  /** Of RAM; ghost words come after them. */
  private readonly words: number;

  constructor(
    private readonly host: DirectAccess,
    private readonly map: ScheduleMap,
  ) {
    // Of eight bits in PGSIZE / 4 + 1, all but one are words.
    this.words = (map.contendedBytes * 8 * (PGSIZE / 4)) / (PGSIZE / 4 + 1);
  }

  /** Of one to four bytes at any address: whether the word that they begin in is one. */
  has(address: number): boolean {
    return this.isSet((address - KERNBASE) >>> 2);
  }

  hasGhost(ghost: number): boolean {
    return this.isSet(this.number(ghost));
  }

  hasAny(address: number, bytes: number): boolean {
    let word = (address - KERNBASE) >>> 2;
    const end = (address + bytes - 1 - KERNBASE) >>> 2;
    while (word <= end) {
      const set = this.host.load32(this.map.contendedBits + (word >>> 5) * 4);
      if (set === 0) word = (word | 31) + 1;
      else if (((set >>> (word & 31)) & 1) !== 0) return true;
      else word++;
    }
    return false;
  }

  /** The contended words that an access touches; of one of at most four bytes, the word that it begins in. */
  within(address: number, bytes: number): number[] {
    const found: number[] = [];
    let word = (address - KERNBASE) >>> 2;
    const end = bytes <= 4 ? word : (address + bytes - 1 - KERNBASE) >>> 2;
    while (word <= end) {
      const set = this.host.load32(this.map.contendedBits + (word >>> 5) * 4);
      if (set === 0) word = (word | 31) + 1;
      else {
        if (((set >>> (word & 31)) & 1) !== 0) found.push(KERNBASE + word * 4);
        word++;
      }
    }
    return found;
  }

  add(address: number): void {
    const word = this.number(address);
    const at = this.map.contendedBits + (word >>> 5) * 4;
    this.host.store32(at, (this.host.load32(at) | (1 << (word & 31))) >>> 0);
  }

  clear(): void {
    this.host.fill(this.map.contendedBits, 0, this.map.contendedBytes);
  }

  private isSet(word: number): boolean {
    return ((this.host.load32(this.map.contendedBits + (word >>> 5) * 4) >>> (word & 31)) & 1) !== 0;
  }

  /** Of the address of a word, or of a ghost word. */
  private number(address: number): number {
    const offset = address - KERNBASE;
    return offset % 4 === ghostOf(0) ? this.words + Math.floor(offset / PGSIZE) : offset >>> 2;
  }
}
