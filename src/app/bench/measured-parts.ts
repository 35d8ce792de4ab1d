import { openSync } from 'node:fs';
import { availableParallelism, devNull } from 'node:os';
import { NPROC } from '../../../kernel/params.js';
import type { WorkConfig } from '../../../kernel/scenarios/kernel-work.js';
import type { TimedRun } from '../../../workers/timed-kind.js';
import { userProgram } from '../../machine/user-programs.js';
import { check } from '../check.js';
import { endMachines } from '../explore-threads.js';
import { HostedMachine } from '../hosted-machine.js';
import { FreeRuns } from './free-runs.js';
import type { LockBenchOptions } from './lock-bench.js';
import { type Case, type Measured, MeasuredBench } from './measured-bench.js';

/** By each hart: a run takes a tenth of a second or so. */
const ACQUISITIONS = 50_000;
const ROUNDS = 1000;
/** User programs, with arguments that take tenths of a second: byte stores with strides, calls through pointers, nothing but registers. */
const PROGRAMS = [
  ['sieve', '20'],
  ['qsort', '5'],
  ['spin', '100'],
] as const;
const SCHEDULES = 1000;
const STRATEGIES = ['random', 'pct', 'pos'];
const MILLION = 1_000_000;

/** Those of the numbers that a host with so many cores can show: up to twice as many harts take turns on them. */
function measurable(harts: readonly number[]): number[] {
  return harts.filter((count) => count <= 2 * availableParallelism());
}

/** The same for every number of harts and every one of the names, on threads that stay up. */
function freeBench(
  bench: string,
  unit: string,
  names: readonly string[],
  harts: readonly number[],
  repetitions: number,
  runOf: (name: string, harts: number) => TimedRun,
): MeasuredBench {
  const machines = new Map<number, FreeRuns>();
  const machine = (count: number) => {
    const known = machines.get(count) ?? new FreeRuns(count);
    machines.set(count, known);
    return known;
  };
  const cases = names.flatMap((what) =>
    measurable(harts).map(
      (count): Case => ({
        ...{ what, harts: count },
        measure: () => machine(count).run(runOf(what, count)),
      }),
    ),
  );
  const close = async () => {
    await Promise.all([...machines.values()].map((one) => one.close()));
  };
  return new MeasuredBench({ bench, unit, cases, repetitions, close });
}

/** Locks under the same contention as in virtual time. */
export function measuredLocks({ locks, harts, workload }: LockBenchOptions, repetitions: number): MeasuredBench {
  return freeBench('locks', 'acquisitions/s', locks, harts, repetitions, (lock, count) => {
    return { kind: 'contention', ...workload, lock, harts: count, acquisitions: ACQUISITIONS };
  });
}

/** Kernels with these locks, under the same work as in virtual time. */
export function measuredFork(
  { locks, harts }: LockBenchOptions,
  config: Pick<WorkConfig, 'work' | 'kernel' | 'pages'>,
  repetitions: number,
): MeasuredBench {
  return freeBench('fork', 'operations/s', locks, harts, repetitions, (lock, count) => {
    return { kind: 'work', ...config, kernel: { ...config.kernel, lock }, harts: count, rounds: ROUNDS };
  });
}

/** Guest code on the engine, V8's start in slow code included. */
export function measuredEngine(kernel: WorkConfig['kernel'], repetitions: number): MeasuredBench {
  const cases = PROGRAMS.map(
    ([what, argument]): Case => ({
      ...{ what, harts: 1 },
      measure: () => runProgram(what, argument, kernel),
    }),
  );
  return new MeasuredBench({ bench: 'engine', unit: 'MIPS', scale: 1 / MILLION, cases, repetitions });
}

async function runProgram(name: string, argument: string, kernel: WorkConfig['kernel']): Promise<Measured> {
  const program = userProgram(name);
  const machine = new HostedMachine({
    harts: 1,
    memory: 32,
    kernel: { ...kernel, processes: NPROC.default },
    program,
    argv: [name, argument],
    consoleFd: nowhere(),
  });
  await machine.run();
  const { summary, failures } = machine.report();
  if (failures.length > 0) throw new Error(`${name}: ${failures[0]}`);
  return { operations: summary.instructions, milliseconds: summary.seconds * 1000 };
}

let opened: number | undefined;
function nowhere(): number {
  opened ??= openSync(devNull, 'w');
  return opened;
}

/** Schedules of the smallest scenario, by some strategies, on one machine. */
export function measuredExploration(repetitions: number): MeasuredBench {
  const cases = STRATEGIES.map(
    (strategy): Case => ({
      ...{ what: `fault-fault, ${strategy}`, harts: 2 },
      measure: () => explore(strategy),
    }),
  );
  return new MeasuredBench({ bench: 'explore', unit: 'schedules/s', cases, repetitions, close: endMachines });
}

async function explore(strategy: string): Promise<Measured> {
  const result = await check('fault-fault', { schedules: SCHEDULES, strategy, machines: 1 });
  if (!result.ok) throw new Error('a sound kernel failed: a speed is not worth telling');
  return { operations: SCHEDULES, milliseconds: (SCHEDULES / result.schedulesPerSecond) * 1000 };
}
