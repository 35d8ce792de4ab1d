import { FrameLifetime } from './frame-lifetime.js';
import { HappensBefore } from './happens-before.js';
import { LockOrder } from './lock-order.js';
import { Lockset } from './lockset.js';
import type { ObserverFactory } from './observer.js';
import { StaleTlb } from './stale-tlb.js';

/** Every observer that can be switched off, by name. Add new observers here. */
const observers = new Map<string, ObserverFactory>([
  ['frame-lifetime', (context) => new FrameLifetime(context)],
  ['happens-before', (context) => new HappensBefore(context)],
  ['lock-order', (context) => new LockOrder(context)],
  ['lockset', (context) => new Lockset(context)],
  ['stale-tlb', (context) => new StaleTlb(context)],
]);

/** On this thread. */
export function observerNames(): string[] {
  return [...observers.keys()];
}

/** Throws RangeError for a name that no observer has. */
export function observerNamed(name: string): ObserverFactory {
  const found = observers.get(name);
  if (found === undefined)
    throw new RangeError(`there is no observer '${name}'; there are: ${observerNames().join(', ')}`);
  return found;
}

/** Adds an observer of somebody else's, on this thread. Throws RangeError when another has the name. */
export function addObserver(name: string, factory: ObserverFactory): void {
  const known = observers.get(name);
  if (known !== undefined && known !== factory) throw new RangeError(`there is an observer '${name}' already`);
  observers.set(name, factory);
}
