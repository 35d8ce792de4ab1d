import hartThread, { type HartEnd, type HartTask } from '../../../workers/hart.js';
import { atTrap } from './at-trap.js';

const ELEMENTS = 1_000_000;

/** The victim's heap overflows. */
export default function dyingHart(task: HartTask): HartEnd {
  atTrap(task, () => {
    const hoard: number[][] = [];
    for (;;) hoard.push(new Array<number>(ELEMENTS).fill(0.5));
  });
  return hartThread(task);
}
