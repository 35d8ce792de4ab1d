import { panic } from '../../../kernel/kernel-panic.js';
import { Kalloc } from '../../../kernel/memory/kalloc.js';
import hartThread, { type HartEnd, type HartTask } from '../../../workers/hart.js';
import { VICTIM } from './at-trap.js';

/** At which page the victim's kernel panics. */
const PAGE = 100;

/** The victim's kernel panics, deep inside. */
export default function dyingHart(task: HartTask): HartEnd {
  const { kalloc } = Kalloc.prototype;
  let left = task.hart === VICTIM ? PAGE : Number.POSITIVE_INFINITY;
  Kalloc.prototype.kalloc = function () {
    if (--left === 0) panic('a test');
    return kalloc.call(this);
  };
  return hartThread(task);
}
