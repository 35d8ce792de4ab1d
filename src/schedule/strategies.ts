import { pct, pctContended } from './pct.js';
import { pos } from './pos.js';
import { random } from './random.js';
import type { Strategy } from './strategy.js';
import { sweep } from './sweep.js';

/** Every strategy that plans schedules by number; the first is the default. Add new strategies here. */
export const strategies: readonly Strategy[] = [random, pct, pctContended, pos, sweep];

/** Throws RangeError for a name that no strategy has. */
export function strategyNamed(name: string): Strategy {
  const found = strategies.find((strategy) => strategy.name === name);
  if (found === undefined)
    throw new RangeError(`there is no strategy '${name}'; there are: ${strategies.map((one) => one.name).join(', ')}`);
  return found;
}
