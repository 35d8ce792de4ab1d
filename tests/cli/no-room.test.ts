import { afterEach, describe, expect, it, vi } from 'vitest';
import { HOSTED } from '../../kernel/scenarios/hosted.js';
import { hostedConfig } from '../../kernel/scenarios/hosted-config.js';
import { CHECK_DEFAULTS } from '../../src/app/check.js';
import { NoRoomError } from '../../src/memory/shared-memory.js';
import explore from '../../workers/explore.js';
import { inProcess } from '../support/in-process.js';
import { stressMachine } from '../support/stress-machine.js';

afterEach(() => {
  vi.restoreAllMocks();
});

/** A computer whose every reservation of memory fails, as V8 has it: limits set from outside would hit Node's own start, too. */
function exhausted(error: Error): void {
  vi.spyOn(WebAssembly, 'Memory').mockImplementation(function reserve() {
    throw error;
  });
}

describe('a computer without room for the machine', () => {
  it('gives one line that says so, which is what the command prints', async () => {
    exhausted(new RangeError('WebAssembly.Memory(): could not allocate memory'));
    const said = 'this computer has no room for a machine with 2048 MiB and 1 hart; ask for less, ';
    const make = () => stressMachine({ harts: 1, memory: 2048 });
    expect(make).toThrow(NoRoomError);
    expect(make).toThrow(said);
    const { status, stdout, stderr } = await inProcess('stress', '--harts', '1', '--memory', '2048');
    expect(stderr).toMatch(new RegExp(`^hartbreak: ${said}.+\\n$`));
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });

  it('gives the same line where an exploring thread has to hand it over, as an error that keeps its class', async () => {
    exhausted(new RangeError('WebAssembly.Memory(): could not allocate memory'));
    const subject = { kind: HOSTED, config: hostedConfig({ scenario: 'fault-fault' }) };
    const machine = { subject, limits: { stepLimit: CHECK_DEFAULTS.stepLimit, spins: 0 } };
    const work = explore({ machine, kind: 'search', bound: 0, first: 0, count: 1 });
    await expect(work).rejects.toThrow(RangeError);
    await expect(work).rejects.toThrow(/^this computer has no room for a machine with 2 MiB and 2 harts; .+$/);
  });

  it('is not blamed for any other error', () => {
    exhausted(new TypeError('a test'));
    expect(() => stressMachine()).toThrow(TypeError);
  });
});
