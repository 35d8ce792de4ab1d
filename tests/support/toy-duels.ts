import { KernelEvent, Question, type SharedAccess } from '../../src/memory/access.js';
import { KERNBASE } from '../../src/memory/map.js';
import type { SharedMemory } from '../../src/memory/shared-memory.js';
import { Op, Order } from '../../src/memory/trace-event.js';
import type { ControlledAccess } from '../../src/schedule/controlled-access.js';
import { RandomToy } from './random-toy.js';

/** Tiny supervisors with known races, for tests of schedules and observers: what each hart does, over a few words. */
const COUNTER = KERNBASE;
const LOCK_A = KERNBASE + 0x100;
const LOCK_B = KERNBASE + 0x104;
const LEFT = KERNBASE + 0x200;
const RIGHT = KERNBASE + 0x204;
/** What each of two random programs comes to. */
const RESULT_0 = KERNBASE + 0x300;
const RESULT_1 = KERNBASE + 0x304;
/** 1: somebody has said that the run is over. */
const OVER = KERNBASE + 0x308;
/** fence rw,w */
export const GUEST_FENCE = 0b0011_0001;
export const toyWords = { COUNTER, LOCK_A, LOCK_B, LEFT, RIGHT, RESULT_0, RESULT_1, OVER };
/** What `transfer` begins with at LEFT; LEFT and RIGHT together are that much, but for what is under way. */
export const TOTAL = 10;

function acquire(m: SharedAccess, lock: number): void {
  while (m.atomicCompareExchange32(lock, 0, 1) !== 0) m.spinWhile(lock, 1);
  m.note(KernelEvent.LockAcquired, lock, 0);
}
function release(m: SharedAccess, lock: number): void {
  m.note(KernelEvent.LockReleased, lock, 0);
  m.atomicStore32(lock, 0);
}
function increment(m: SharedAccess): void {
  m.store32(COUNTER, m.load32(COUNTER) + 1);
}

export const toyDuels = {
  unlocked(m: SharedAccess) {
    increment(m);
  },
  locked(m: SharedAccess) {
    acquire(m, LOCK_A);
    increment(m);
    release(m, LOCK_A);
  },
  crossed(m: SharedAccess, hart: number) {
    const [first, second] = hart === 0 ? [LOCK_A, LOCK_B] : [LOCK_B, LOCK_A];
    acquire(m, first);
    acquire(m, second);
    increment(m);
    release(m, second);
    release(m, first);
  },
  /** Each writes what others read, so that what one sees tells who came before whom. */
  relay(m: SharedAccess, hart: number) {
    const [mine, other] = hart === 0 ? [LEFT, RIGHT] : hart === 1 ? [RIGHT, COUNTER] : [COUNTER, LEFT];
    m.store32(mine, 1);
    m.store32(mine, 2 + m.load32(other));
  },
  threeStores(m: SharedAccess, hart: number) {
    m.store32(COUNTER, hart);
  },
  /** Moves one from LEFT to RIGHT, by a hold of what is on the way, and without a lock. */
  transfer(m: SharedAccess) {
    m.note(KernelEvent.HoldTaken, LEFT, 0);
    m.store32(LEFT, m.load32(LEFT) - 1);
    m.store32(RIGHT, m.load32(RIGHT) + 1);
    m.note(KernelEvent.HoldDropped, LEFT, 0);
  },
  /** The allocator has nothing: the counter is left alone, which nobody minds until both are refused. */
  starved(m: SharedAccess) {
    if (m.ask(Question.AllocationFails) === 0) m.atomicAdd32(COUNTER, 1);
  },
  /** Hart 0 writes twice, in two operations; hart 1 copies what it finds. */
  twoOperations(m: SharedAccess, hart: number) {
    if (hart === 0) {
      m.store32(LEFT, 1);
      m.note(KernelEvent.OperationBegins, 0, 0);
      m.store32(LEFT, 2);
    } else m.store32(RIGHT, m.load32(LEFT));
  },
  /** Every hart adds to the counter six times, in as many operations. */
  manyOperations(m: SharedAccess) {
    for (let i = 0; i < 6; i++) {
      m.note(KernelEvent.OperationBegins, 0, 0);
      increment(m);
    }
  },
  /** Hart 0 ends the run while hart 1 waits for what never comes. */
  endsEarly(m: ControlledAccess, hart: number) {
    if (hart === 1) while (m.atomicLoad32(LEFT) === 0) m.spinWhile(LEFT, 0);
    increment(m);
    m.store32(OVER, 1);
    m.endRun();
  },
  /** Hart 0 waits until either word changes; hart 1 changes the second. */
  waitsForEither(m: ControlledAccess, hart: number) {
    if (hart === 0)
      m.turn.blockWhileAll('ram', [
        { address: LEFT, value: 0 },
        { address: RIGHT, value: 0 },
      ]);
    else m.atomicStore32(RIGHT, 1);
    increment(m);
  },
  /** Hart 0 plays guest code that takes a lock, adds to a counter of 8 bytes, and lets the lock go. */
  guest(m: ControlledAccess, hart: number, { ram }: SharedMemory) {
    if (hart !== 0) return;
    const does = (change: () => void) => () => {
      change();
      return true;
    };
    m.userAccess(Op.AtomicLoad, LOCK_A, 4, () => true, Order.Acquire);
    m.userAccess(
      Op.AtomicUpdate,
      LOCK_A,
      4,
      does(() => ram.store32(LOCK_A, 1)),
      Order.Relaxed,
    );
    m.userAccess(
      Op.AtomicUpdate,
      COUNTER,
      8,
      does(() => ram.store64(COUNTER, 5)),
      Order.Acquire | Order.Release,
    );
    m.fence(GUEST_FENCE);
    m.userAccess(
      Op.Store,
      LOCK_A,
      4,
      does(() => ram.store32(LOCK_A, 0)),
    );
    m.atomicExchange32(RIGHT, 3);
  },
  panics(m: SharedAccess, hart: number) {
    increment(m);
    if (hart === 1) throw new Error('panic: toy');
  },
  /** Hart 0 waits without a look for what hart 1 never does. */
  neverLooks(m: ControlledAccess, hart: number) {
    if (hart === 0) m.spinWhile(LEFT, 0, 0);
    increment(m);
  },
  /** Hart 0 is busy before it comes. */
  late(m: ControlledAccess, hart: number) {
    if (hart === 0) m.delay(1000);
    m.store32(COUNTER, hart);
  },
  /** Harts other than 0 sleep; hart 0 changes their word, and much later wakes one. */
  sleepers(m: ControlledAccess, hart: number) {
    if (hart > 0) m.park(LEFT, 0);
    else {
      m.delay(10_000);
      m.atomicStore32(LEFT, 1);
      m.delay(10_000);
      m.unpark(LEFT, 1);
    }
    m.store32(COUNTER, hart);
  },
  random(m: ControlledAccess, hart: number, memory: SharedMemory) {
    new RandomToy(m, hart, memory, {
      shared: [COUNTER, LEFT, RIGHT],
      locks: [LOCK_A, LOCK_B],
      results: [RESULT_0, RESULT_1],
    }).run();
  },
} satisfies Record<string, (m: ControlledAccess, hart: number, memory: SharedMemory) => void>;

export type ToyDuel = keyof typeof toyDuels;
