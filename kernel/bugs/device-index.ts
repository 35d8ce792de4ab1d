import type { Vm } from '../memory/vm.js';
import { MappedCount, mappedCount } from '../page-sharing/mapped-count.js';
import type { Bug } from './bug.js';

class DeviceIndex extends MappedCount {
  protected override isCounted(_pa: number): boolean {
    return true;
  }
}

const inVm = (Sound: typeof Vm) =>
  class EveryAddressIsMemory extends Sound {
    protected override isMemory(_pa: number): boolean {
      return true;
    }
  };

export const deviceIndex: Bug = {
  name: 'device-index',
  summary: 'the count of a device page is looked up: its address lies outside the array',
  explanation:
    'The index into the array of counts is (pa - KERNBASE) / PGSIZE, and devices lie below KERNBASE. A process ' +
    'that has a device mapped and forks makes the kernel increment a word far in front of the array: whatever ' +
    'lies there, or, as here, nothing at all.',
  designs: [mappedCount.name],
  harmful: true,
  expected: ['panic'],
  scenario: 'device-fork',
  source: { mistake: 9 },
  change: (sound) => ({ ...sound, Sharing: DeviceIndex, Vm: inVm(sound.Vm) }),
};
