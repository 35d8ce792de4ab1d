import { proc } from '../../process/proc-struct.js';
import { reuseSlot, startBesideZombie } from '../reused-slot.js';
import type { Duel } from '../scenario.js';

/** Pid of the child that is a zombie when it begins. */
const GONE_PID = 2;

export const killReusedSlot: Duel = {
  name: 'kill-reused-slot',
  summary: 'a process kills another that is being reaped, and whose slot a new process gets',
  harts: 2,
  setup: startBesideZombie,
  parts: [reuseSlot, (user) => user.call('kill', GONE_PID)],
  outcome(stage) {
    const { pid, killed } = proc.fields;
    const { ram } = stage.memory;
    return stage.layout.procs
      .filter((p) => killed.load(ram, p) !== 0 && pid.load(ram, p) !== GONE_PID)
      .map((p) => ({
        place: 'somebody else was killed',
        summary: `pid ${pid.load(ram, p)} has been killed, and only pid ${GONE_PID} was to be`,
      }));
  },
};
