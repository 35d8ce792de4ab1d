import { defineConfig } from 'vitest/config';
import short from './vitest.config.ts';

/**
 * `npm run test:long`: ten minutes of what `npm test` leaves out. Where the short form covers every design and every
 * number of harts by a selection, `*.long.test.ts` beside it has the rest; fuzz tests take their rounds from
 * outside, and what `sampled` gives a file in part it gives in whole here.
 */
export default defineConfig({
  test: {
    ...short.test,
    include: [
      'dist/tests/**/*.long.test.js',
      ...[
        'app/bench/lock-bench',
        'app/bench/work-bench',
        'app/check',
        'app/stress-run',
        'cli/boot',
        'cli/interruption',
        'cli/run',
        'cli/run-console',
        'cli/run-disk',
        'cli/user-programs',
        'cli/wrong-commands',
        'conformance/harts',
        'explore/oracle',
        'schedule/exhaustive',
        'kernel/bugs',
        'kernel/books/lockstat-timed',
        'kernel/fs/parallel',
        'kernel/locks/families',
        'kernel/locks/kernel-locks',
        'kernel/page-sharing/counts',
        'kernel/page-sharing/interleavings',
        'interpreter/decode',
        'isa/round-trip',
        'kernel/random-calls',
        'kernel/random-programs',
        'kernel/locks/under-control',
        'kernel/scenarios/soundness',
        'kernel/scenarios/serial-oracle',
        'kernel/scenarios/generated',
        'kernel/scenarios/programs',
        'translator/differential',
        'report/interleaving',
        'report/on-a-terminal',
        'cli/bench-pictures',
        'cli/bench',
        'cli/gdb',
        'cli/lockstat',
        'cli/designs',
        'cli/explore',
        'app/campaign',
        'app/hosted-machine',
        'guest/kernel-scenarios',
        'guest/quiet-accesses',
        'cli/campaign',
        'readme',
        'symbols/damaged-program',
        'guest/damaged-profile',
        'kernel/fs/damaged-image',
      ].map((name) => `dist/tests/${name}.test.js`),
    ],
    exclude: [],
    env: { HARTBREAK_FUZZ_TIMES: '40', HARTBREAK_LONG: '1' },
  },
});
