import { proc } from '../process/proc-struct.js';
import type { Sleep } from '../process/sleep.js';
import type { Bug } from './bug.js';
import { everyDesign } from './which-designs.js';

const { lock } = proc.fields;

const inSleep = (Sound: typeof Sleep) =>
  class LostWakeup extends Sound {
    override sleep(p: number, channel: number, lk: number): boolean {
      const { spin } = this.cx;
      // From here to the state, whoever changes the condition finds nobody to wake.
      spin.release(lk);
      spin.acquire(lock.at(p));
      if (this.table.isKilled(p)) {
        spin.release(lock.at(p));
        spin.acquire(lk);
        return false;
      }
      this.fallAsleep(p, channel);
      spin.release(lock.at(p));
      return true;
    }
  };

export const lostWakeup: Bug = {
  name: 'lost-wakeup',
  summary: 'sleep lets go of the lock of the condition before the process is asleep: the wakeup comes in between',
  explanation:
    'A process finds that it has to wait, and sleep releases the lock that guards the condition before the ' +
    'process is marked as sleeping. Test and sleep are then not one step: the other side can change the ' +
    'condition and call wakeup in between, finds nobody asleep, and the process sleeps for ever. Here a parent ' +
    'waits for a child that has exited.',
  designs: everyDesign,
  harmful: true,
  expected: ['wrong-result'],
  scenario: 'wait-exit',
  change: (sound) => ({ ...sound, Sleep: inSleep(sound.Sleep) }),
};
