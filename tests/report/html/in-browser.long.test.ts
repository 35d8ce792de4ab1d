import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { benchPage } from '../../../src/report/html/bench-page.js';
import { DARK, LIGHT } from '../../../src/report/html/palette.js';
import { HAND_MADE_PAGE, HOSTILE } from '../../support/bench-page.js';
import { browser, lacksBrowser } from '../../support/browser.js';
import { hartbreak } from '../../support/command-line.js';
import { emptyFolder } from '../../support/files.js';

/** What the browser runs: this program does not have the DOM's types. */
const OVERFLOWING = `[...document.querySelectorAll('h1, h2, h3, p, li, dd, figcaption, label, button, legend')]
  .filter((element) => element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0)
  .map((element) => element.textContent)`;
/** Texts of drawings that lie on one another, or leave their drawing. */
const COLLIDING = `[...document.querySelectorAll('figure svg')].flatMap((svg) => {
  const whole = svg.getBoundingClientRect();
  const texts = [...svg.querySelectorAll('text')]
    .filter((text) => text.getBoundingClientRect().width > 0)
    .map((text) => ({ text: text.textContent, box: text.getBoundingClientRect() }));
  const apart = (a, b) => a.right <= b.left + 1 || b.right <= a.left + 1 || a.bottom <= b.top + 3 || b.bottom <= a.top + 3;
  const inside = (box) => box.left >= whole.left - 1 && box.right <= whole.right + 1 && box.top >= whole.top - 1 && box.bottom <= whole.bottom + 1;
  return [
    ...texts.filter(({ box }) => !inside(box)).map(({ text }) => 'outside: ' + text),
    ...texts.flatMap((one, i) => texts.slice(0, i).filter((other) => !apart(one.box, other.box)).map((other) => one.text + ' on ' + other.text)),
  ];
})`;
const SMALLEST_TEXT = `Math.min(...[...document.querySelectorAll('figure svg text')]
  .filter((text) => text.getBoundingClientRect().width > 0)
  .map((text) => 12 * text.closest('svg').getBoundingClientRect().width / text.closest('svg').viewBox.baseVal.width))`;

const sizes = [
  { width: 1200, height: 900 },
  { width: 400, height: 800 },
] as const;
const themes = [
  ['light', LIGHT],
  ['dark', DARK],
] as const;
const cases = sizes.flatMap((viewport) =>
  themes.map(([colorScheme, { background }]) => ({ ...viewport, colorScheme, background })),
);

describe.skipIf(lacksBrowser)('the page in Chromium', () => {
  const folder = emptyFolder();
  const files = { 'made by hand': join(folder, 'hand.html'), 'of a bench': join(folder, 'bench.html') };
  let chromium: Browser;

  beforeAll(async () => {
    chromium = await browser();
    writeFileSync(files['made by hand'], benchPage(HAND_MADE_PAGE));
    const { status } = await hartbreak('bench', 'locks', '--harts', '1,2,16', '--html', files['of a bench']);
    expect(status).toBe(0);
  });
  afterAll(() => chromium?.close());

  /** The page, and what it complains of and asks for. */
  async function opened(file: string, viewport: { width: number; height: number }, colorScheme: 'light' | 'dark') {
    const page = await chromium.newPage({ viewport, colorScheme });
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(pathToFileURL(file).href);
    return { page, complaints, requests };
  }

  const background = (page: Page) => page.evaluate('getComputedStyle(document.body).backgroundColor');
  const rgb = (colour: string) =>
    `rgb(${[1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16)).join(', ')})`;
  const drawing = (within: Locator) => within.locator('svg.plot:visible').first();

  describe.each(Object.entries(files))('%s', (_name, file) => {
    it.each(cases)('is legible at $width pixels, $colorScheme, and asks nobody', async ({ colorScheme, ...rest }) => {
      const { page, complaints, requests } = await opened(file, rest, colorScheme);
      expect(await background(page)).toBe(rgb(rest.background));
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(rest.width);
      expect(await page.evaluate(OVERFLOWING)).toEqual([]);
      expect(await page.evaluate(COLLIDING)).toEqual([]);
      expect(await page.evaluate(SMALLEST_TEXT)).toBeGreaterThan(10);
      // What opens when one asks for it.
      for (const summary of await page.locator('summary:visible').all()) await summary.click();
      expect(await page.locator('table:visible').count()).toBeGreaterThan(5);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(rest.width);
      expect(complaints).toEqual([]);
      expect(requests).toEqual([pathToFileURL(file).href]);
      await page.close();
    });
  });

  describe.each(sizes)('at $width pixels', (viewport) => {
    it('shows what a point says beside the pointer, and hides it again', async () => {
      const { page, complaints } = await opened(files['made by hand'], viewport, 'light');
      const chart = drawing(page.locator('figure').first());
      await chart.scrollIntoViewIfNeeded();
      const tip = page.locator('#tip');
      const point = chart.locator('[data-series="1"] [data-tip]').last();
      await point.hover();
      expect(await tip.textContent()).toBe(`${HOSTILE}, 64 harts: 15.4 cycles`);
      expect(await tip.isVisible()).toBe(true);
      const box = (await tip.boundingBox())!;
      expect(box.x).toBeGreaterThanOrEqual(0);
      expect(box.x + box.width).toBeLessThanOrEqual(viewport.width);
      await page.locator('h1').hover();
      expect(await tip.isVisible()).toBe(false);
      expect(complaints).toEqual([]);
      await page.close();
    });

    it('takes a line out of every chart of its section, and brings it back', async () => {
      const { page } = await opened(files['made by hand'], viewport, 'light');
      const lines = (id: string) => page.locator(`#${id} .plot [data-series="2"]:visible`).count();
      const [all, others] = [await lines('first'), await lines('second')];
      // Of four charts; a level line has no height, and does not count as visible.
      expect(all).toBeGreaterThanOrEqual(7);
      const box = page.locator('#first input[data-shows="2"]');
      await box.uncheck();
      expect([await lines('first'), await lines('second')]).toEqual([0, others]);
      await box.check();
      expect(await lines('first')).toBe(all);
      await page.close();
    });

    it('shows the timeline that is chosen, and what a hart does at the pointer', async () => {
      const { page, complaints } = await opened(files['made by hand'], viewport, 'light');
      const [lock, harts] = [page.locator('.timelines select').first(), page.locator('.timelines select').last()];
      await lock.selectOption({ label: HOSTILE });
      await harts.selectOption('2');
      const shown = page.locator('[data-timeline]:visible');
      expect(await shown.getAttribute('data-timeline')).toBe('1-2');
      const chart = drawing(shown);
      await chart.scrollIntoViewIfNeeded();
      const box = (await chart.boundingBox())!;
      const of = async (name: string) => Number(await chart.getAttribute(`data-${name}`));
      const scale = box.width / Number((await chart.getAttribute('viewBox'))!.split(' ')[2]);
      const at = async (cycle: number, hart: number) => {
        const x = (await of('left')) + ((await of('right')) - (await of('left'))) * (cycle / (await of('cycles')));
        const y = (await of('top')) + (await of('row')) * (hart + 0.5);
        await page.mouse.move(box.x + x * scale, box.y + y * scale);
        return (await page.locator('#tip').textContent())!.split('\n');
      };
      const turn = (hart: number, wanted: number, taken: number) => [
        `hart ${hart}`,
        `wanted it at ${wanted.toLocaleString('en-US')} cycles`,
        `got it at ${taken.toLocaleString('en-US')} cycles, after 200 cycles`,
        'held it for 100 cycles',
      ];
      expect(await at(1250, 0)).toEqual(turn(0, 1000, 1200));
      expect(await at(1350, 1)).toEqual(turn(1, 1100, 1300));
      expect(await at(1350, 0)).toEqual(turn(0, 1200, 1400));
      expect(await at(2990, 1)).toEqual(turn(1, 2700, 2900));
      await lock.selectOption({ label: 'h' });
      expect(await shown.count()).toBe(0);
      expect(await page.locator('.missing').isVisible()).toBe(true);
      expect(complaints).toEqual([]);
      await page.close();
    });
  });

  it('changes its theme when asked to, and goes back to the system’s', async () => {
    const { page } = await opened(files['made by hand'], sizes[0], 'dark');
    const button = page.locator('#theme');
    const seen = [];
    for (let i = 0; i < 4; i += 1) {
      seen.push([await button.textContent(), await background(page)]);
      await button.click();
    }
    const [light, dark] = [rgb(LIGHT.background), rgb(DARK.background)];
    expect(seen).toEqual([
      ['Theme: auto', dark],
      ['Theme: light', light],
      ['Theme: dark', dark],
      ['Theme: auto', dark],
    ]);
    await page.close();
  });
});
