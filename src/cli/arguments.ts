import { noSuch } from '../../kernel/names.js';
import { UsageError } from '../app/usage-error.js';

/** A parser for commander: a whole number within limits. */
export function wholeNumber(what: string, limits: { min: number; max: number }): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < limits.min || value > limits.max)
      throw new UsageError(`${what} must be a whole number from ${limits.min} to ${limits.max}, not '${text}'`);
    return value;
  };
}

/** Eleven days, well below the 2^31 ms that a timer of the host can wait. */
const MOST_SECONDS = 1_000_000;

/** A parser for commander: a number of seconds. */
export function seconds(what: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+(\.\d+)?$/.test(text) || value <= 0 || value > MOST_SECONDS)
      throw new UsageError(`${what} must be a number of seconds above 0, at most ${MOST_SECONDS}, not '${text}'`);
    return value;
  };
}

/** A parser for commander: one of the names that the code declares. */
export function oneOf(what: string, names: readonly string[]): (text: string) => string {
  return (text) => {
    if (!names.includes(text)) throw new UsageError(noSuch(what, text, names));
    return text;
  };
}

type Collector<T> = (text: string, before: T) => T;
const collectors = new WeakSet<object>();

/** A parser for commander that makes one value of all that an option was given; an option of any other is given once. */
export function collecting<T>(parse: Collector<T>): Collector<T> {
  collectors.add(parse);
  return parse;
}

export function collects(parse: object): boolean {
  return collectors.has(parse);
}

/** A parser for commander: some of those names, with commas between them, each once. */
export function listOf(what: string, names: readonly string[]): (text: string) => readonly string[] {
  return (text) => [...new Set(text.split(',').map(oneOf(what, names)))];
}
