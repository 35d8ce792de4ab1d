import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Where systems put Chromium: Debian, Ubuntu, Fedora; and Chrome. */
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const place = PLACES.find((path) => existsSync(path));

/** Tests that need a browser are skipped where there is none, but not where it was promised: `.ci/run` does. */
export const lacksBrowser = place === undefined && process.env.HARTBREAK_HAS_BROWSER === undefined;

/** Throws Error when there is none. */
export async function browser(): Promise<Browser> {
  if (place === undefined) throw new Error(`there is no browser: ${PLACES.join(', ')}; apt-get install chromium`);
  // Chromium refuses to run in its sandbox for root, as whom tests run in a container.
  return await chromium.launch({ executablePath: place, chromiumSandbox: process.getuid?.() !== 0 });
}
