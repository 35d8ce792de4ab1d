import type { Vm } from '../memory/vm.js';
import { pageMapLock } from '../page-sharing/page-map-lock.js';
import type { Bug } from './bug.js';

const inVm = (Sound: typeof Vm) =>
  class FailedForkLeak extends Sound {
    protected override undoCopy(parent: number, _child: number, _pages: number): void {
      this.giveRightsBack(parent);
    }
  };

export const failedForkLeak: Bug = {
  name: 'failed-fork-leak',
  summary: 'a fork that fails half-way keeps the references of the child that never was',
  explanation:
    'fork counts a mapping for every page that it enters into the child, and then runs out of memory. The ' +
    "parent gets its rights back and the child's page table is freed, but nobody removes the mappings first, " +
    'so nobody takes the references back. The counts stay one too high for ever: the frames are never freed, ' +
    'and every write to them makes a needless copy.',
  designs: [pageMapLock.name],
  harmful: true,
  expected: ['ledger'],
  scenario: 'failed-fork',
  source: { mistake: 8 },
  change: (sound) => ({ ...sound, Vm: inVm(sound.Vm) }),
};
