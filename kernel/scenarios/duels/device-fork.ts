import { makePte, PAGE_SIZE, Pte } from '../../../src/isa/sv39.js';
import { DEVICE_PAGES } from '../../page-sharing/kernel-pagetable.js';
import { proc } from '../../process/proc-struct.js';
import { sharedPageVerdicts } from '../content.js';
import type { Duel } from '../scenario.js';
import { DATA, MORE_DATA, STACK_TOP } from '../stage.js';

/** There is no system call that maps a device; a driver in user space would have it so. */
const DEVICE = makePte(DEVICE_PAGES[0]!, Pte.R | Pte.W | Pte.U | Pte.A | Pte.D | Pte.V);

export const deviceFork: Duel = {
  name: 'device-fork',
  summary:
    'a process that has the registers of a device mapped forks, while another hart takes the child up and ends it',
  harts: 2,
  setup(stage) {
    const [parent, child] = stage.users;
    const { ram } = stage.memory;
    parent!.kernel.start(parent!.hart);
    child!.kernel.start(child!.hart);
    parent!.store(DATA, 1);
    parent!.store(MORE_DATA, 1);
    const { vm } = parent!.kernel.parts;
    const root = proc.fields.pagetable.load(ram, parent!.process);
    parent!.call('sbrk', PAGE_SIZE);
    vm.uvmunmap(root, STACK_TOP, 1);
    ram.store32(vm.walk(root, STACK_TOP, false), DEVICE);
  },
  parts: [
    (user) => user.call('fork'),
    (user) => {
      user.interrupt();
      if (user.process !== 0) user.call('exit', 0);
    },
  ],
  verify: (stage) => sharedPageVerdicts(stage, [1]),
};
