import hartThread, { type HartEnd, type HartTask } from '../../../workers/hart.js';
import { atTrap } from './at-trap.js';

/** The victim's thread exits. */
export default function dyingHart(task: HartTask): HartEnd {
  atTrap(task, () => process.exit(3));
  return hartThread(task);
}
