import { Option } from 'commander';
import { UsageError } from '../app/usage-error.js';

/** What xv6 says when something is wrong with it. */
export const FAILURE = /panic:|FAILED|lost some free pages/;

/** `--fail`, of commands that read a guest's console. */
export function failOption(): Option {
  return new Option(
    '--fail <regex>',
    `end, with status 1, when a line of the console matches ${FAILURE}, or what you give`,
  )
    .argParser(regex('--fail'))
    .default(undefined, "xv6's trouble");
}

/** A parser for commander: a regular expression. */
export function regex(option: string): (text: string) => RegExp {
  return (text) => {
    try {
      return new RegExp(text);
    } catch (error) {
      throw new UsageError(`${option} is no regular expression: ${(error as Error).message}`);
    }
  };
}
