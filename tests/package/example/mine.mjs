// A plugin: a scenario, a bug and an observer of one's own, as plain objects. Every thread of a machine loads this file.
import { DATA, KernelEvent, sharedPageVerdicts } from 'hartbreak';

/** @type {import('hartbreak').Scenario} */
const writeExit = {
  name: 'write-exit',
  summary: 'one sharer of a page writes it and exits while the other writes it',
  harts: 2,
  setup: (stage) => stage.bootFamily(),
  parts: [
    (user) => user.store(DATA, 10),
    (user) => {
      user.store(DATA, 11);
      user.call('exit', 0);
    },
  ],
  verify: (stage) => sharedPageVerdicts(stage, [10, undefined]),
};

/** @type {import('hartbreak').Bug} */
const keepsFrame = {
  name: 'keeps-frame',
  summary: 'kfree forgets to put the frame on the free list',
  explanation: 'A frame that nobody refers to any more is neither free nor in use: it is lost.',
  designs: ['page-map-lock'],
  harmful: true,
  expected: ['ledger'],
  scenario: 'write-exit',
  change: (sound) => ({
    ...sound,
    Kalloc: class extends sound.Kalloc {
      kfree() {
        return true;
      }
    },
  }),
};

/** Counts the frames that a run gives back: more than this scenario has cannot be. */
class FewFrees {
  name = 'few-frees';
  notesOnly = true;
  count = 0;
  begin() {
    this.count = 0;
  }
  observe(event) {
    if (event.note === KernelEvent.FrameFreed) this.count++;
  }
  findings() {
    if (this.count === 0) return [];
    const summary = `${this.count} frames were freed`;
    return [{ kind: 'invariant', place: 'frames are freed', summary, events: [], advisory: true }];
  }
}

export const scenarios = [writeExit];
export const bugs = [keepsFrame];
export const observers = { 'few-frees': () => new FewFrees() };
