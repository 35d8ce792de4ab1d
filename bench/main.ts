import { engineExits } from './engine-exits.js';
import { engineSpeed } from './engine-speed.js';
import { explorationSpeed } from './exploration-speed.js';
import { hookCost } from './hook-cost.js';
import { stressTextSpeed } from './stress-text-speed.js';

/** Each question with its answer as text. */
const questions: readonly (readonly [string, () => string | Promise<string>])[] = [
  ['Speed of tier 0', engineSpeed],
  ["Speed of tier 0 on the stress program's own text", stressTextSpeed],
  ['Cost of leaving guest code', engineExits],
  ['Speed of exploration', explorationSpeed],
  ['Cost of hooks that nobody listens to', hookCost],
];

for (const [title, answer] of questions) process.stdout.write(`${title}\n${await answer()}\n\n`);
