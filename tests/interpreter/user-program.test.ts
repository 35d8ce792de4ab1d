import { describe, expect, it } from 'vitest';
import { LoneProgram } from '../support/lone-program.js';

describe('the interpreter runs compiled C behind Sv39', () => {
  it('and finds the primes below a million', () => {
    const program = new LoneProgram('sieve', ['1']);
    program.run();
    expect(program.console).toBe('sieve: 78498 primes below 1000000\n');
  });

  it('and sorts through function pointers', () => {
    const program = new LoneProgram('qsort', ['1']);
    program.run();
    expect(program.console).toMatch(/^qsort: 1 times 100000 values, checksum 0x[0-9a-f]+\n$/);
  });

  it('and takes the same number of instructions whatever the slices', () => {
    const whole = new LoneProgram('sieve', ['1']).run();
    const sliced = new LoneProgram('sieve', ['1']).run(1009);
    expect(sliced).toBe(whole);
  });
});
