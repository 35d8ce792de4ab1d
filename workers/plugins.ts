import { register } from '../kernel/scenarios/plugin.js';
import { SubjectError } from '../src/explore/subject.js';

/**
 * Adds the scenarios, bugs and observers of these modules to the lists of this thread.
 * @param modules file URLs, as `import.meta.resolve` gives them
 * Throws SubjectError with one line for one that cannot be loaded or has nothing to add.
 */
export async function loadPlugins(modules: readonly string[]): Promise<void> {
  for (const url of modules) register(await load(url), url);
}

async function load(url: string): Promise<unknown> {
  try {
    return await import(url);
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new SubjectError(`the plugin ${url} cannot be loaded: ${why}`, { cause: error });
  }
}
