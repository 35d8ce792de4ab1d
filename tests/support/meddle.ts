import { spinlock } from '../../kernel/locks/spinlock.js';
import { ProcState, proc } from '../../kernel/process/proc-struct.js';
import { hartBlock, KERNBASE } from '../../src/memory/map.js';
import { Snapshot } from '../../src/memory/snapshot.js';
import type { KernelMachine } from './kernel-machine.js';

/**
 * Runs `first` from one and the same memory for as often as it has accesses; each time `second`, on another hart, happens
 * as a whole just before the next of them: every schedule with one preemption, without threads. Points at which a lock
 * is held that `second` may want are left out; the lock of a process in the making is not among those.
 *
 * @param verdict on the machine after a run: what is wrong with it
 * @returns what was wrong in the first run that went wrong, a panic included; undefined when none did
 */
export function meddle(
  machine: KernelMachine,
  first: () => void,
  second: () => void,
  verdict: () => readonly string[],
): { readonly runs: number; readonly wrong: readonly string[] } {
  const { ram, memory, access, layout } = machine;
  const { locked } = spinlock.fields;
  const locks = layout.locks.filter(({ name }) => name !== 'proc');
  const isHeld = () =>
    locks.some(({ address }) => locked.load(ram, address) !== 0) ||
    layout.procs.some(
      (p) => locked.load(ram, proc.fields.lock.at(p)) !== 0 && proc.fields.state.load(ram, p) !== ProcState.Used,
    );
  const snapshots = [
    new Snapshot(ram, KERNBASE, memory.map.ramSize),
    ...memory.map.harts.map(({ block }) => new Snapshot(memory.host, block, hartBlock.size)),
  ];
  let runs = 0;
  for (let point = 0; ; point++) {
    for (const snapshot of snapshots) snapshot.restoreAll();
    let accesses = 0;
    let acted = false;
    let held = false;
    access.watcher = () => {
      if (accesses++ !== point) return;
      access.watcher = undefined;
      held = isHeld();
      if (held) return;
      acted = true;
      second();
    };
    let wrong: readonly string[];
    try {
      first();
      access.watcher = undefined;
      wrong = acted ? verdict() : [];
    } catch (error) {
      access.watcher = undefined;
      wrong = [String(error)];
    }
    if (wrong.length > 0) return { runs, wrong };
    if (acted) runs++;
    else if (!held) return { runs, wrong };
  }
}
