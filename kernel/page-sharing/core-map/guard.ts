import type { KernelContext } from '../../context.js';
import { coreMapState } from './records.js';

/** Brackets around what no two harts may do at once. */
export interface Guard {
  enter(): void;
  leave(): void;
}

/** The lock of the sound form. */
export function locked({ spin, layout }: KernelContext): Guard {
  const lock = coreMapState.fields.lock.at(layout.sharing);
  return { enter: () => spin.acquire(lock), leave: () => spin.release(lock) };
}

/** Nothing: the published form. */
export const unguarded: Guard = { enter: () => {}, leave: () => {} };
