import { adaptiveMarkByStore } from './adaptive-mark-by-store.js';
import { addressAboveMaxva } from './address-above-maxva.js';
import { bootCounts } from './boot-counts.js';
import { bothCopy } from './both-copy.js';
import type { Bug } from './bug.js';
import { checkThenAct } from './check-then-act.js';
import { clhNodeReused } from './clh-node-reused.js';
import { copyoutPastSharing } from './copyout-past-sharing.js';
import { countBeforeEntry } from './count-before-entry.js';
import { countSetOutsideLock } from './count-set-outside-lock.js';
import { decrementThenLook } from './decrement-then-look.js';
import { deviceIndex } from './device-index.js';
import { dropBeforeCopy } from './drop-before-copy.js';
import { dropBeforeRewrite } from './drop-before-rewrite.js';
import { execFreesFirst } from './exec-frees-first.js';
import { execWithoutFlush } from './exec-without-flush.js';
import { failedForkLeak } from './failed-fork-leak.js';
import { failedForkReadOnly } from './failed-fork-read-only.js';
import { faultWithoutFlush } from './fault-without-flush.js';
import { fetchFaultAsWrite } from './fetch-fault-as-write.js';
import { flushOnNewTable } from './flush-on-new-table.js';
import { forkWithoutFlush } from './fork-without-flush.js';
import { freePastCount } from './free-past-count.js';
import { freelistWithoutLock } from './freelist-without-lock.js';
import { giveBackAfterUnlock } from './give-back-after-unlock.js';
import { giveBackEverything } from './give-back-everything.js';
import { glanceAndLeave } from './glance-and-leave.js';
import { guardPage } from './guard-page.js';
import { killReusedSlotBug } from './kill-reused-slot.js';
import { killWithoutLock } from './kill-without-lock.js';
import { leavesTreeFirst } from './leaves-tree-first.js';
import { lockOrder } from './lock-order.js';
import { lockTwice } from './lock-twice.js';
import { lookThenLeave } from './look-then-leave.js';
import { lostWakeup } from './lost-wakeup.js';
import { mcsLinkedTooEarly } from './mcs-linked-too-early.js';
import { mcsNoWaitForNext } from './mcs-no-wait-for-next.js';
import { oneLockForgotten } from './one-lock-forgotten.js';
import { orphansCutOff } from './orphans-cut-off.js';
import { ownListWithoutLock } from './own-list-without-lock.js';
import { pageLockIndex } from './page-lock-index.js';
import { pageLockLetGoEarly } from './page-lock-let-go-early.js';
import { pickWithoutRecheck } from './pick-without-recheck.js';
import { pidWithoutLock } from './pid-without-lock.js';
import { plainAdd } from './plain-add.js';
import { pteAddress } from './pte-address.js';
import { reapBeforeStatus } from './reap-before-status.js';
import { reservationKept } from './reservation-kept.js';
import { saveAfterUnlock } from './save-after-unlock.js';
import { secondLoadDecides } from './second-load-decides.js';
import { shrinkWithoutFlush } from './shrink-without-flush.js';
import { slotWithoutRecheck } from './slot-without-recheck.js';
import { stealOneLook } from './steal-one-look.js';
import { stealWithOwnLock } from './steal-with-own-lock.js';
import { stealWithoutLock } from './steal-without-lock.js';
import { stripeForgotten } from './stripe-forgotten.js';
import { testAndSetNotAtomic } from './test-and-set-not-atomic.js';
import { textBecomesWritable } from './text-becomes-writable.js';
import { ticketNotAtomic } from './ticket-not-atomic.js';
import { ticketTakenBack } from './ticket-taken-back.js';
import { ttasLookThenStore } from './ttas-look-then-store.js';
import { uint8Wraps } from './uint8-wraps.js';
import { unguardedMap } from './unguarded-map.js';
import { unlockedCount } from './unlocked-count.js';
import { unlockedGlance } from './unlocked-glance.js';
import { wrongLock } from './wrong-lock.js';
import { zombieTooEarly } from './zombie-too-early.js';

/** Every known mistake of ours. Add new bugs here. */
const rows: Bug[] = [
  // Counts and their lock.
  unlockedCount,
  wrongLock,
  pageLockIndex,
  decrementThenLook,
  checkThenAct,
  countBeforeEntry,
  unlockedGlance,
  glanceAndLeave,
  countSetOutsideLock,
  lockOrder,
  lockTwice,
  unguardedMap,
  giveBackAfterUnlock,
  lookThenLeave,
  leavesTreeFirst,
  orphansCutOff,
  // Counting schemes.
  oneLockForgotten,
  stripeForgotten,
  pageLockLetGoEarly,
  plainAdd,
  secondLoadDecides,
  // What is counted.
  pteAddress,
  deviceIndex,
  bootCounts,
  uint8Wraps,
  freePastCount,
  // The fault, the fork and the copy.
  dropBeforeRewrite,
  dropBeforeCopy,
  bothCopy,
  copyoutPastSharing,
  textBecomesWritable,
  giveBackEverything,
  failedForkReadOnly,
  failedForkLeak,
  guardPage,
  addressAboveMaxva,
  fetchFaultAsWrite,
  // Translations that outlive their entry.
  forkWithoutFlush,
  flushOnNewTable,
  faultWithoutFlush,
  shrinkWithoutFlush,
  execWithoutFlush,
  // Processes.
  lostWakeup,
  killReusedSlotBug,
  killWithoutLock,
  zombieTooEarly,
  reapBeforeStatus,
  saveAfterUnlock,
  pickWithoutRecheck,
  slotWithoutRecheck,
  pidWithoutLock,
  execFreesFirst,
  reservationKept,
  // The allocator.
  freelistWithoutLock,
  stealWithoutLock,
  ownListWithoutLock,
  stealWithOwnLock,
  stealOneLook,
  // The locks themselves.
  adaptiveMarkByStore,
  testAndSetNotAtomic,
  ttasLookThenStore,
  ticketNotAtomic,
  ticketTakenBack,
  mcsNoWaitForNext,
  mcsLinkedTooEarly,
  clhNodeReused,
];

/** All that can be chosen by name on this thread. */
export const bugs: readonly Bug[] = rows;

/** Adds one of somebody else's. Throws RangeError when another has the name. */
export function addBug(bug: Bug): void {
  if (rows.includes(bug)) return;
  if (rows.some(({ name }) => name === bug.name)) throw new RangeError(`there is a bug '${bug.name}' already`);
  rows.push(bug);
}
