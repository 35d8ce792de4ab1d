import { Next } from '../../../src/hart/trap-handler.js';
import { sharedPageVerdicts } from '../content.js';
import type { Duel } from '../scenario.js';
import { DATA, MORE_DATA } from '../stage.js';

/** Status that the first process's earlier child leaves for `wait`. */
const STATUS = 77;
/** Another word of the page. */
const BESIDE = DATA + 8;

export const copyoutFault: Duel = {
  name: 'copyout-fault',
  summary: 'wait writes an exit status into a shared page (copyout) while the other sharer writes another word of it',
  harts: 2,
  setup(stage) {
    const [parent, child] = stage.users;
    // The zombie first, so that the page is shared by exactly the two that meet.
    parent!.kernel.start(parent!.hart);
    parent!.store(DATA, 1);
    parent!.store(MORE_DATA, 1);
    parent!.call('fork');
    child!.kernel.start(child!.hart);
    child!.call('exit', STATUS);
    parent!.store(DATA, 1);
    parent!.call('fork');
    if (child!.interrupt() !== Next.Run) throw new Error('the second child does not run');
  },
  parts: [(user) => user.call('wait', DATA), (user) => user.store(BESIDE, 11)],
  verify: (stage) => sharedPageVerdicts(stage, [STATUS, undefined, 1]),
};
