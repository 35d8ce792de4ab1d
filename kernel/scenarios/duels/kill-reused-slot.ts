import { proc } from '../../proc-struct.js';
import type { Duel } from '../scenario.js';

/** Pid of the child that is a zombie when it begins. */
const GONE_PID = 2;

export const killReusedSlot: Duel = {
  name: 'kill-reused-slot',
  summary: 'a process kills another that is being reaped, and whose slot a new process gets',
  harts: 2,
  setup(stage) {
    const [parent, sibling] = stage.users;
    parent!.kernel.start(parent!.hart);
    parent!.call('fork');
    sibling!.kernel.start(sibling!.hart);
    sibling!.call('exit', 0);
    parent!.call('fork');
    sibling!.interrupt();
  },
  parts: [
    (user) => {
      user.call('wait', 0);
      user.call('fork');
    },
    (user) => user.call('kill', GONE_PID),
  ],
  outcome(stage) {
    const { pid, killed } = proc.fields;
    const { ram } = stage.memory;
    return stage.layout.procs
      .filter((p) => killed.load(ram, p) !== 0 && pid.load(ram, p) !== GONE_PID)
      .map((p) => `pid ${pid.load(ram, p)} has been killed, and only pid ${GONE_PID} was to be`);
  },
};
