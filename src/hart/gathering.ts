import { controlBlock, Debugging, hartBlock, StopRequest } from '../memory/map.js';
import type { Hart } from './hart.js';
import { isStopping } from './stop-request.js';

/** false: the machine was asked to stop before it had booted, and this hart must not start. */
export function waitForBoot(hart: Hart): boolean {
  const { host, map } = hart.memory;
  const { booted } = controlBlock.fields;
  while (!isStopping(hart.memory)) {
    // Pairs with the store in `announceBoot`: whoever sees 1 sees the booted supervisor.
    if (hart.id === 0 || booted.load(host, map.control) !== 0) return true;
    host.park(booted.at(map.control), 0);
  }
  return false;
}

export function announceBoot(hart: Hart): void {
  const { host, map } = hart.memory;
  controlBlock.fields.booted.store(host, map.control, 1);
  host.unpark(controlBlock.fields.booted.at(map.control), map.harts.length);
}

/** Waits for the other harts, so that all begin together, however long their threads take to start. */
export function comeUp(hart: Hart): void {
  const { host, map } = hart.memory;
  const { up } = controlBlock.fields;
  up.add(host, map.control, 1);
  host.unpark(up.at(map.control), map.harts.length);
  for (;;) {
    // Pairs with the addition above, on the other harts.
    const seen = up.load(host, map.control);
    if (seen === map.harts.length || isStopping(hart.memory)) return;
    host.park(up.at(map.control), seen);
  }
}

/** Parks on the bell that `Doorbells.markIdle` noted, so that a ring since then is not lost. */
export function parkUntilBell(hart: Hart, milliseconds: number): void {
  const { doorbell, parks } = hartBlock.fields;
  const { host } = hart.memory;
  parks.store(host, hart.map.block, parks.load(host, hart.map.block) + 1);
  host.parkFor(doorbell.at(hart.map.block), hart.notedBell, milliseconds);
}

/** Between slices no lock is held and no system call is half-way: the main thread may audit. */
export function standStill(hart: Hart): void {
  const { host, map } = hart.memory;
  const { paused, stop } = controlBlock.fields;
  // Pairs with the main thread's wait for the count: what this hart wrote is visible once it is counted.
  paused.add(host, map.control, 1);
  host.unpark(paused.at(map.control), 1);
  for (;;) {
    const request = stop.load(host, map.control);
    const stays = request === StopRequest.Pause || (request === StopRequest.Run && isHeld(hart));
    if (!stays) break;
    host.park(stop.at(map.control), request);
  }
  paused.add(host, map.control, -1);
  host.unpark(paused.at(map.control), 1);
}

/** Whether the others go on without it. */
function isHeld({ id, memory: { host, map } }: Hart): boolean {
  const { heldLow, heldHigh } = controlBlock.fields;
  const word = (id < HARTS_PER_WORD ? heldLow : heldHigh).load(host, map.control);
  return ((word >>> (id % HARTS_PER_WORD)) & 1) === 1;
}
const HARTS_PER_WORD = 32;

/** The hart is at an `ebreak`. true: a debugger has it, and the machine is to stand still before the hart goes on; false: there is none. */
export function meetDebugger(hart: Hart): boolean {
  const { host, map } = hart.memory;
  const { debugging, stop } = controlBlock.fields;
  if (debugging.compareExchange(host, map.control, Debugging.On, Debugging.AtBreakpoint) === Debugging.Off)
    return false;
  host.unpark(debugging.at(map.control), 1);
  // Whoever takes the debugger away wakes us as well: `ebreak` is an exception then, or another instruction.
  while (
    stop.load(host, map.control) === StopRequest.Run &&
    debugging.load(host, map.control) === Debugging.AtBreakpoint
  )
    host.park(stop.at(map.control), StopRequest.Run);
  return true;
}

/** About what the host takes to give a core to another thread and back. */
const GIVE_WAY_MS = 0.05;

/** Sleeps for as short as possible, so that the host may run another hart on this core; a ring ends it. */
export function giveWay(hart: Hart): void {
  const { host } = hart.memory;
  const { doorbell } = hartBlock.fields;
  host.parkFor(doorbell.at(hart.map.block), doorbell.load(host, hart.map.block), GIVE_WAY_MS);
}
