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

const BORN =
  'one atomic store of a parent to a process that nobody can run yet: whoever looks for children meanwhile looks for other parents';
const BOTH_LOCKS =
  'who reaps takes wait_lock and then p->lock, and one of the two is held until the process is no longer in use';
const YIELDED =
  'the state is stored last, by one atomic store, and until then nobody touches a process that runs but to mark it as killed';
const OWN = 'begin() changes nothing but what the hart keeps for itself';

/** Add those that were thought about here. */
export const equivalents: readonly Equivalent[] = [
  { id: 'early-release:Pipes.read:0:9c48e769', why: LATE_WAKEUP },
  { id: 'early-release:Pipes.write:0:40fd1426', why: LATE_WAKEUP },
  { id: 'early-release:Pipes.write:1:40fd1426', why: LATE_WAKEUP },
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
  { id: 'lock-away:Lifecycle.fork:0:dde41eaf', why: BORN },
  { id: 'early-release:Lifecycle.fork:1:dde41eaf', why: BORN },
  { id: 'late-acquire:Lifecycle.fork:0:dde41eaf', why: BORN },
  { id: 'early-release:Lifecycle.exit:0:1a970368', why: BOTH_LOCKS },
  { id: 'early-release:Lifecycle.exit:1:1a970368', why: BOTH_LOCKS },
  { id: 'early-release:Lifecycle.exit:2:1a970368', why: TICK },
  { id: 'early-release:Lifecycle.wait:1:0b963bea', why: TICK },
  { id: 'late-acquire:Lifecycle.wait:0:0b963bea', why: 'what comes before the lock then is a local variable' },
  { id: 'lock-away:ProcessTable.upcomingPid:0:bb2dcffd', why: ONE_LOAD },
  { id: 'early-release:ProcessTable.upcomingPid:0:bb2dcffd', why: ONE_LOAD },
  { id: 'late-acquire:ProcessTable.upcomingPid:0:bb2dcffd', why: ONE_LOAD },
  { id: 'lock-away:Scheduler.yieldHart:0:3dbb4e1f', why: YIELDED },
  { id: 'early-release:Scheduler.yieldHart:0:3dbb4e1f', why: YIELDED },
  { id: 'late-acquire:Scheduler.yieldHart:0:3dbb4e1f', why: YIELDED },
  {
    id: 'early-release:Sleep.sleep:1:01658a69',
    why: 'the order of two releases: who takes the process up meanwhile calls again, and waits for the other lock',
  },
  {
    id: 'no-wakeup:Traps.scheduleNext:0:a43e3e80',
    why: 'the hart looks again and finds whom the ring was for; whomever it has woken itself is counted already',
  },
  { id: 'late-acquire:FileSystem.transaction:0:a758f3f1', why: OWN },
  {
    id: 'no-flush:CopyUser.copyin:0:34de35e5',
    why: 'a translation that is older than the page grants nothing: the next use of it faults, and is found stale',
  },
  {
    id: 'no-undo:CoreMapVm.uvmcopy:0:c9ec91f7',
    why: 'the fork that fails gives the whole address space back next, with its segments',
  },
  {
    id: 'no-undo:ReverseMap.remove:1:8192043f',
    why: 'the frame is freed next, and whoever gets it stands in its record before anybody asks who maps it',
  },
  {
    id: 'early-release:HartFreeLists.stealFrom:0:68393498',
    why: 'the number read late includes puts after the look at the list, and the next round looks at the list after them',
  },
  { id: 'lock-away:Lifecycle.fork:1:dde41eaf', why: ONE_STORE },
  { id: 'early-release:Lifecycle.fork:2:dde41eaf', why: ONE_STORE },
  { id: 'late-acquire:Lifecycle.fork:1:dde41eaf', why: ONE_STORE },
];
