import { BootError } from '../kernel-panic.js';
import { noSuch } from '../names.js';
import { copyoutFault } from './duels/copyout-fault.js';
import { deviceFork } from './duels/device-fork.js';
import { execAllocate } from './duels/exec-allocate.js';
import { exitStoreToText } from './duels/exit-store-to-text.js';
import { failedFork } from './duels/failed-fork.js';
import { faultExit } from './duels/fault-exit.js';
import { faultFault } from './duels/fault-fault.js';
import { fetchFromData } from './duels/fetch-from-data.js';
import { forkExit } from './duels/fork-exit.js';
import { forkFault } from './duels/fork-fault.js';
import { forkFork } from './duels/fork-fork.js';
import { forkThenWrite } from './duels/fork-then-write.js';
import { giveUpHart } from './duels/give-up-hart.js';
import { growShrink } from './duels/grow-shrink.js';
import { killExit } from './duels/kill-exit.js';
import { killReusedSlot } from './duels/kill-reused-slot.js';
import { killSleeper } from './duels/kill-sleeper.js';
import { lazyFault } from './duels/lazy-fault.js';
import { manySharers } from './duels/many-sharers.js';
import { moveBetweenHarts } from './duels/move-between-harts.js';
import { moveTake } from './duels/move-take.js';
import { orphanFault } from './duels/orphan-fault.js';
import { readWriteRead } from './duels/read-write-read.js';
import { reuseFork } from './duels/reuse-fork.js';
import { shrinkFault } from './duels/shrink-fault.js';
import { shrinkThenWrite } from './duels/shrink-then-write.js';
import { storeAboveMemory } from './duels/store-above-memory.js';
import { storeToGuard } from './duels/store-to-guard.js';
import { storeToText } from './duels/store-to-text.js';
import { takeAll } from './duels/take-all.js';
import { threeAtALock } from './duels/three-at-a-lock.js';
import { threeSharers } from './duels/three-sharers.js';
import { twoIdleHarts } from './duels/two-idle-harts.js';
import { waitExit } from './duels/wait-exit.js';
import { generatedDuel, generatedDuels } from './generated/generated.js';
import { exitReserved } from './programs/exit-reserved.js';
import { forkCount } from './programs/fork-count.js';
import { forkWrite } from './programs/fork-write.js';
import type { Scenario } from './scenario.js';

export type { Scenario } from './scenario.js';

/** Every scenario of ours; the first is the default. Add new scenarios here. */
const rows: Scenario[] = [
  faultFault,
  faultExit,
  forkExit,
  forkFork,
  forkFault,
  shrinkFault,
  copyoutFault,
  waitExit,
  killExit,
  threeSharers,
  orphanFault,
  forkThenWrite,
  readWriteRead,
  moveBetweenHarts,
  giveUpHart,
  twoIdleHarts,
  killReusedSlot,
  reuseFork,
  killSleeper,
  growShrink,
  lazyFault,
  shrinkThenWrite,
  storeToText,
  exitStoreToText,
  storeToGuard,
  storeAboveMemory,
  fetchFromData,
  failedFork,
  manySharers,
  deviceFork,
  execAllocate,
  takeAll,
  moveTake,
  threeAtALock,
  forkWrite,
  forkCount,
  exitReserved,
];

/** All that can be chosen by name on this thread. */
export const scenarios: readonly Scenario[] = rows;

/** Adds one of somebody else's. Throws RangeError when another has the name. */
export function addScenario(scenario: Scenario): void {
  if (rows.includes(scenario)) return;
  if (rows.some(({ name }) => name === scenario.name))
    throw new RangeError(`there is a scenario '${scenario.name}' already`);
  rows.push(scenario);
}

/** Throws BootError for a name that no scenario has. */
export function scenarioNamed(name: string): Scenario {
  const found = scenarios.find((scenario) => scenario.name === name) ?? generatedDuel(name);
  if (found === undefined) throw new BootError(noSuchScenario(name));
  return found;
}

/** One line for a name that no scenario has, written or generated. */
function noSuchScenario(wrong: string): string {
  const all = [...scenarios, ...generatedDuels()].map(({ name }) => name);
  return noSuch(
    'scenario',
    wrong,
    all,
    '`hartbreak scenarios` lists those that somebody wrote, with --generated the rest',
  );
}

/** How many harts the scenario's machine has. Throws BootError when it cannot have as many as asked for. */
export function hartsOf({ name, harts, program }: Scenario, asked: number = harts): number {
  if (asked === harts || program !== undefined) return asked;
  const free = scenarios.filter((one) => one.program !== undefined).map((one) => one.name);
  throw new BootError(`scenario ${name} has ${harts} harts, not ${asked}; any number have ${free.join(', ')}`);
}
