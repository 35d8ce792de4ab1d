import { type BuildOptions, build } from 'esbuild';

// A step of `npm run build`: the command and the entries of its threads, each in few files, because that starts sooner.
const options: BuildOptions = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  sourcemap: true,
  // The sources are in the package. A thread whose stacks name them reads its map before anything else.
  sourcesContent: false,
  outbase: '.',
  outdir: 'dist/bundle',
  logLevel: 'warning',
};

/** What a command loads depends on what it is told to do, and so does what a thread does in virtual time. */
const commands = build({
  ...options,
  entryPoints: ['src/cli/main.ts', 'workers/timed-run.ts', 'workers/timed-hart.ts', 'workers/free-run.ts'],
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
});

/** Threads that need all that they import: from one file each they start sooner than from forty. */
const threads = build({
  ...options,
  entryPoints: ['workers/hart.ts', 'workers/guest-hart.ts', 'workers/explore.ts', 'workers/controlled-hart.ts'],
});

await Promise.all([commands, threads]);
