import { pathToFileURL } from 'node:url';

/** Whether the module with this URL is what Node was started with, and not somebody's import. */
export function isCommand(url: string): boolean {
  const [, main] = process.argv;
  return main !== undefined && pathToFileURL(main).href === url;
}
