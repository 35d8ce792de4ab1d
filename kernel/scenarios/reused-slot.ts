import type { Stage } from './stage.js';
import type { User } from './user.js';

/**
 * Leaves hart 0 with a parent of two children: one, with pid 2, is a zombie, the other runs on hart 1. The next process
 * gets the zombie's slot as soon as it has been reaped.
 */
export function startBesideZombie(stage: Stage): void {
  const [parent, sibling] = stage.users;
  parent!.kernel.start(parent!.hart);
  parent!.call('fork');
  sibling!.kernel.start(sibling!.hart);
  sibling!.call('exit', 0);
  parent!.call('fork');
  sibling!.interrupt();
}

/** Reaps the zombie, and has a new process in its slot. */
export function reuseSlot(user: User): void {
  user.call('wait', 0);
  user.call('fork');
}
