import { describe, expect, it } from 'vitest';
import { kernelScenarios } from '../../src/guest/kernel-scenarios.js';
import { MARK_CALL, Mark } from '../../src/guest/marks.js';
import { assemble } from '../../src/isa/assemble.js';
import { PAGE_SIZE } from '../../src/isa/sv39.js';
import { assembledProgram } from '../support/assembled-program.js';
import { hartbreak } from '../support/command-line.js';
import { isLongForm, sampled } from '../support/long-form.js';

/** What xv6 says of a call that it does not know, as every mark is one. */
const MARKS = new RegExp(`unknown sys call ${MARK_CALL}`, 'g');

describe('the programs of kernel scenarios', () => {
  it.each(
    sampled(
      kernelScenarios.map((scenario) => [scenario.name, scenario] as const),
      3,
    ),
  )(
    '%s fits a page, and says nothing but that it begins and is done on a kernel that is right',
    async (_, { source, harts }) => {
      expect(assemble(source).bytes.length).toBeLessThanOrEqual(PAGE_SIZE);
      const { status, stdout } = await hartbreak('run', assembledProgram(source), '--harts', String(harts));
      expect(stdout.match(MARKS)).toHaveLength(2);
      expect(status).toBe(0);
    },
  );

  it.runIf(isLongForm)('say what is wrong', async () => {
    // The child's store is made by the parent: as if the page had stayed shared.
    const { source } = kernelScenarios.find(({ name }) => name === 'exit-write')!;
    const broken = source.replaceAll(/li t1, 4096\n {2}sd/g, 'li t1, 4095\n  sd');
    expect(broken).not.toBe(source);
    const { stdout } = await hartbreak('run', assembledProgram(broken));
    expect(stdout.match(MARKS)).toHaveLength(3);
    expect(broken).toContain(`li a0, ${Mark.Wrong}`);
  });
});
