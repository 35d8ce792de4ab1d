import { Pte } from '../../src/isa/sv39.js';
import type { Vm } from '../memory/vm.js';
import { coreMap } from '../page-sharing/core-map/core-map.js';
import type { Bug } from './bug.js';
import { everyDesign } from './which-designs.js';

const inVm = (Sound: typeof Vm) =>
  class AddressAboveMaxva extends Sound {
    override userPte(pagetable: number, va: number): number {
      const pte = this.walk(pagetable, va, false);
      if (pte === 0) return 0;
      return (this.entryAt(pte) & (Pte.V | Pte.U)) === (Pte.V | Pte.U) ? pte : 0;
    }
  };

export const addressAboveMaxva: Bug = {
  name: 'address-above-maxva',
  summary: 'the fault handler walks the page table for whatever address faulted',
  explanation:
    'The handler for write faults passes the faulting address to walk without a look at it, and walk panics ' +
    'for addresses at or above MAXVA, as nothing in the kernel should ask for one. Any program can store ' +
    'there: one instruction of one process stops the machine.',
  // core-map asks its segments first, and none of them reaches so far.
  designs: everyDesign.filter((name) => name !== coreMap.name),
  harmful: true,
  expected: ['panic'],
  scenario: 'store-above-memory',
  source: { mistake: 11 },
  change: (sound) => ({ ...sound, Vm: inVm(sound.Vm) }),
};
