/**
 * How much a fuzz test does: `short`, unless more is asked for by HARTBREAK_FUZZ (a number of rounds) or by
 * HARTBREAK_FUZZ_TIMES (how many times the short form), with HARTBREAK_FUZZ_SEED for other rounds than last time's.
 * Throws RangeError for what is no number.
 */
export function fuzzing(short: number): Fuzzing {
  const rounds = fromEnvironment('HARTBREAK_FUZZ', short * fromEnvironment('HARTBREAK_FUZZ_TIMES', 1));
  return { rounds, seed: fromEnvironment('HARTBREAK_FUZZ_SEED', 1), timeout: LEAST_MS + rounds * ROUND_MS };
}

interface Fuzzing {
  readonly rounds: number;
  readonly seed: number;
  /** Milliseconds after which the test hangs rather than works. */
  readonly timeout: number;
}

const LEAST_MS = 120_000;
const ROUND_MS = 1000;

function fromEnvironment(name: string, otherwise: number): number {
  const text = process.env[name];
  if (text === undefined) return otherwise;
  if (!/^[1-9]\d*$/.test(text)) throw new RangeError(`${name} must be a whole number above 0, not '${text}'`);
  return Number(text);
}
