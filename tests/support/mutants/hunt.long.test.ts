import { afterAll, describe, expect, it } from 'vitest';
import { PACKAGE_ROOT } from '../../../src/memory/package-root.js';
import { strategies } from '../../../src/schedule/strategies.js';
import { judgeMutant } from './judge-mutant.js';
import { MutantTree } from './mutant-tree.js';
import { mutantsOf } from './mutants.js';

/** Of each a small campaign: bench/mutants has them all, and all places. */
const SCHEDULES = 160;
const SECONDS = 100;

const tree = new MutantTree(PACKAGE_ROOT);
afterAll(() => tree.remove());
const mutants = mutantsOf(new URL('dist/', PACKAGE_ROOT));

/** What comes of hunting for the mutant of that operator in that function, in one scenario. */
function verdict(operator: string, name: string, scenario: string, design = 'page-map-lock') {
  const mutant = mutants.find((one) => one.operator === operator && one.function === name);
  if (mutant === undefined) throw new Error(`there is no mutant ${operator} of ${name}`);
  const task = { strategies: strategies.map((one) => one.name), seed: 1, each: 10, schedules: SCHEDULES };
  return judgeMutant(tree, mutant, { ...task, places: [{ scenario, design }] }, SECONDS);
}

describe('a kernel that is broken at one place', () => {
  it.each([
    ['lock-away', 'Pipes.write', 'send+send@pipe-empty', 'not-serial'],
    ['early-release', 'Pipes.close', 'close-writer+exit@pipe-ends', 'use-after-free'],
    ['no-flush', 'CopyUser.writable', 'pipe+pipe@shared-2', 'use-after-free'],
    ['no-wakeup', 'ConsoleDevice.takeIn', 'type+exit@line-awaited', 'wrong-result'],
    ['no-wakeup', 'Traps.clockintr', 'tick+exit@clock', 'wrong-result'],
    ['no-wakeup', 'Lifecycle.reparent', 'kill+exit@zombies', 'wrong-result'],
  ])('by %s of %s does harm in %s', async (operator, name, scenario, kind) => {
    expect(await verdict(operator, name, scenario)).toMatchObject({ status: 'harm', hit: { kind } });
  });

  it('survives where that changes nothing: a wakeup after the lock finds who fell asleep under it', async () => {
    expect(await verdict('early-release', 'Pipes.read', 'receive+send@pipe-full')).toEqual({
      status: 'survived',
      hit: null,
      schedules: SCHEDULES,
      said: null,
    });
  });
});
