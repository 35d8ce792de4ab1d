import { system } from '../layout.js';
import type { Lifecycle } from '../process/fork-exit.js';
import { ProcState, proc } from '../process/proc-struct.js';
import type { Bug } from './bug.js';
import { everyDesign } from './which-designs.js';

const { lock, state, parent, xstate } = proc.fields;

const inLifecycle = (Sound: typeof Lifecycle) =>
  class ZombieTooEarly extends Sound {
    override exit(p: number, status: number): void {
      const { mem, spin, layout } = this.cx;
      this.descriptors.closeAll(p);
      const first = p === system.fields.initproc.load(mem, layout.system);
      spin.acquire(this.waitLock);
      this.reparent(p);
      this.sleep.wakeup(parent.load(mem, p));
      spin.acquire(lock.at(p));
      xstate.store(mem, p, status);
      state.store(mem, p, ProcState.Zombie);
      spin.release(lock.at(p));
      spin.release(this.waitLock);
      // The parent may be at the same.
      this.table.freeMemory(p);
      this.table.leave(p);
      if (first) this.halt(status);
    }
  };

export const zombieTooEarly: Bug = {
  name: 'zombie-too-early',
  summary: 'exit lets its parent see a zombie before it has freed its memory: both free it',
  explanation:
    'exit marks the process as a zombie, releases the locks, and then frees its memory. From that moment on ' +
    'the parent may reap it: wait finds a zombie that still has a page table, and frees it, while the other ' +
    "hart is in the middle of freeing it. Pages are freed twice, and the slot may be somebody else's before " +
    'the first owner has left it.',
  designs: everyDesign,
  harmful: true,
  expected: ['double-free', 'use-after-free', 'panic', 'ledger'],
  scenario: 'wait-exit',
  change: (sound) => ({ ...sound, Lifecycle: inLifecycle(sound.Lifecycle) }),
};
