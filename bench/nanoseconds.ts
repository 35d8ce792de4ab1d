import { Bench } from 'tinybench';

/** What one call takes: for each of so many runs, the mean of what fits into `time` milliseconds. */
export async function nanoseconds(work: () => void, runs: number, time: number): Promise<number[]> {
  const means: number[] = [];
  for (let run = 0; run < runs; run++) {
    const bench = new Bench({ time }).add('work', work);
    await bench.run();
    const [result] = bench.tasks.map((task) => task.result);
    if (result === undefined || !('latency' in result)) throw new Error('a bench ended without a latency');
    means.push(result.latency.mean * 1e6);
  }
  return means;
}
