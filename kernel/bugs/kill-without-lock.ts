import { ProcState, proc } from '../process/proc-struct.js';
import type { Sleep } from '../process/sleep.js';
import type { Bug } from './bug.js';
import { everyDesign } from './which-designs.js';

const { state, killed, pid } = proc.fields;

const inSleep = (Sound: typeof Sleep) =>
  class KillWithoutLock extends Sound {
    override kill(victim: number): boolean {
      const { mem, layout } = this.cx;
      for (const p of layout.procs) {
        if (victim <= 0 || pid.load(mem, p) !== victim) continue;
        killed.store(mem, p, 1);
        if (state.load(mem, p) === ProcState.Sleeping) this.wake(p);
        return true;
      }
      return false;
    }
  };

export const killWithoutLock: Bug = {
  name: 'kill-without-lock',
  summary: 'kill wakes its victim without the lock: it may be awake, running, or gone already',
  explanation:
    "kill looks whether its victim sleeps and makes it runnable, without the victim's lock. Between the look " +
    'and the store somebody else can wake the victim and a hart can take it up: it is then running and marked ' +
    'as runnable, and a second hart takes it up as well, on the same page table and the same trapframe. If it ' +
    'has exited meanwhile, a zombie is brought back to life.',
  designs: everyDesign,
  harmful: true,
  expected: ['wrong-result', 'panic', 'double-free', 'use-after-free', 'ledger', 'livelock', 'deadlock'],
  scenario: 'kill-sleeper',
  change: (sound) => ({ ...sound, Sleep: inSleep(sound.Sleep) }),
};
