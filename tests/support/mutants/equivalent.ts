/** A mutant that breaks nothing. */
export interface Equivalent {
  /** Of the mutant; it changes with the function, so that the reason is thought about again. */
  readonly id: string;
  readonly why: string;
}

const LATE_WAKEUP =
  'who fell asleep did so under the lock and before its release, so that a wakeup after it finds them';
const FRESH = 'nobody else knows the frame yet, and the lock of the free list orders this after whoever had it before';
const NOT_ASKED = 'no sound kernel asks for a count: only a published form does';
const HINT =
  'the other hart may use a translation that grants less than its page table: its store faults, and is found stale';
const ONE_LOAD = 'the call is one atomic load, which is as good without the lock';
const TICK = 'the next tick wakes the fork that waits for a slot too: it waits longer, and nothing else changes';
const ONE_STORE = 'one atomic store to the state of a process that is merely Used, which nobody but its maker changes';

/** Add those that were thought about here. */
export const equivalents: readonly Equivalent[] = [
  { id: 'early-release:Pipes.read:0:9c48e769', why: LATE_WAKEUP },
  { id: 'early-release:Pipes.write:0:b0163d88', why: LATE_WAKEUP },
  { id: 'lock-away:LockedCounts.begin:0:777bd607', why: FRESH },
  { id: 'early-release:LockedCounts.begin:0:777bd607', why: FRESH },
  { id: 'late-acquire:LockedCounts.begin:0:777bd607', why: FRESH },
  { id: 'lock-away:PageMapLock.getMap:0:04f49828', why: NOT_ASKED },
  { id: 'early-release:PageMapLock.getMap:0:04f49828', why: NOT_ASKED },
  { id: 'late-acquire:PageMapLock.getMap:0:04f49828', why: NOT_ASKED },
  { id: 'no-flush:RemoteFlush.leaveKernel:0:328fbaf5', why: HINT },
  { id: 'no-flush:HiddenWrite.giveBack:0:fc71519c', why: HINT },
  { id: 'early-release:HiddenWrite.share:0:6c32e48a', why: 'what comes after the release is a note for observers' },
  { id: 'lock-away:SysProc.uptime:0:b85a6d75', why: ONE_LOAD },
  { id: 'early-release:SysProc.uptime:0:b85a6d75', why: ONE_LOAD },
  { id: 'late-acquire:SysProc.uptime:0:b85a6d75', why: ONE_LOAD },
  { id: 'no-wakeup:Lifecycle.bury:0:cfb89f7c', why: TICK },
  { id: 'no-wakeup:Lifecycle.wait:0:0b963bea', why: TICK },
  { id: 'no-wakeup:SlotWait.reaped:0:ca8d44ce', why: TICK },
  {
    id: 'early-release:Lifecycle.fork:0:dde41eaf',
    why: 'the pid of a process that is merely Used is read late, and nobody changes it',
  },
  { id: 'lock-away:Lifecycle.fork:1:dde41eaf', why: ONE_STORE },
  { id: 'early-release:Lifecycle.fork:2:dde41eaf', why: ONE_STORE },
  { id: 'late-acquire:Lifecycle.fork:1:dde41eaf', why: ONE_STORE },
];
