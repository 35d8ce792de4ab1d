import { type EngineChoice, parseEngine } from '../../src/translator/engines.js';

/** The engine of tests that do not name one: HARTBREAK_ENGINE, as the command line reads it. Throws RangeError for what is no engine. */
export function engineOfTests(): EngineChoice {
  const text = process.env.HARTBREAK_ENGINE;
  if (text === undefined) return { name: 'interpreter' };
  const choice = parseEngine(text);
  if (choice === undefined) throw new RangeError(`HARTBREAK_ENGINE is no engine: '${text}'`);
  return choice;
}
