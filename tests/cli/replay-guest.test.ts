import { expect, it } from 'vitest';
import { Exploration } from '../../src/app/exploration.js';
import { type FailureFile, writeFailure } from '../../src/app/failure-file.js';
import { VERSION } from '../../src/app/manifest.js';
import { GUEST } from '../../src/guest/guest.js';
import { guestLabel, guestTitle } from '../../src/guest/guest-subject.js';
import { countingKernel } from '../support/counting-kernel.js';
import { emptyFolder } from '../support/files.js';
import { inProcess } from '../support/in-process.js';

const STEP_LIMIT = 20_000;

/** A page that is lost, as `explore` would save it. */
async function lostPage(): Promise<FailureFile> {
  const config = countingKernel('put');
  const subject = { kind: GUEST, config };
  const exploration = new Exploration({ subject, harts: config.harts, stepLimit: STEP_LIMIT, machines: 1 });
  try {
    const { failures } = await exploration.batch('random', 1, 0, 50);
    const { schedule, kind, signature, summary, plan } = failures.find((failure) => failure.kind === 'ledger')!;
    return {
      ...{ format: 'hartbreak-failure/2', version: VERSION, title: guestTitle(config), label: guestLabel(config) },
      ...{ subject, plugins: [], stepLimit: STEP_LIMIT, strategy: 'random', seed: 1 },
      ...{ schedule, kind, signature, summary, harmful: true, preemptions: plan.switches.length, minimal: false },
      ...{ plan, anchors: [], memoryHash: null },
    };
  } finally {
    await exploration.close();
  }
}

it('shrinks and replays a failure of a kernel image, and refuses another kernel in one line', async () => {
  const file = await lostPage();
  expect([file.title, file.label]).toEqual(["kernel.elf, 'put' on 2 harts", 'kernel.elf-put']);
  const path = writeFailure(`${emptyFolder()}/lost.json`, file);
  const shrunk = await inProcess('shrink', path);
  expect(shrunk.stdout).toContain('1 preemption; without it this failure does not happen');
  const replayed = await inProcess('replay', path, '--times', '10');
  expect(replayed.status).toBe(1);
  expect(replayed.stdout).toContain('came back 10 times out of 10, with the same memory each time');
  const config = countingKernel('put');
  const other = { ...config, kernel: { ...config.kernel, sha256: '0'.repeat(64) } };
  const changed = writeFailure(path, { ...file, subject: { kind: GUEST, config: other } });
  const refused = await inProcess('replay', changed);
  expect(refused.status).toBe(2);
  expect(refused.stderr).toMatch(/^hartbreak: \S+: the kernel \S+ has changed since .*\n$/);
});
