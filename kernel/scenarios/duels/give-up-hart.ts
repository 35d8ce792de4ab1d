import type { Duel } from '../scenario.js';
import { DATA } from '../stage.js';

/** s1, which a function must leave as it found it. */
const REGISTER = 9;
const VALUE = 4711;
/** What stands in memory until it is taken up elsewhere. */
const UNTOUCHED = 1;

export const giveUpHart: Duel = {
  name: 'give-up-hart',
  summary: 'a process is preempted on one hart and taken up by another, where it must find its registers',
  harts: 2,
  setup(stage) {
    const [first, second] = stage.users;
    first!.kernel.start(first!.hart);
    second!.kernel.start(second!.hart);
    first!.store(DATA, UNTOUCHED);
    first!.call('fork');
    first!.hart.setX(REGISTER, BigInt(VALUE));
  },
  parts: [
    (user) => user.interrupt(),
    (user) => {
      user.interrupt();
      if (user.process === user.kernel.layout.procs[0]) user.store(DATA, user.hart.getNumber(REGISTER));
    },
  ],
  verify(stage) {
    const seen = stage.word(stage.layout.procs[0]!, DATA);
    if (seen === UNTOUCHED || seen === VALUE) return [];
    const summary = `proc[0] had ${VALUE} in s1 and found ${seen} there on the other hart`;
    return [{ place: 'registers are lost', summary }];
  },
};
