import { describe, expect, it } from 'vitest';
import { benchPage } from '../../../src/report/html/bench-page.js';
import { drawHartsChart } from '../../../src/report/html/harts-chart.js';
import { COUNTS, HAND_MADE_PAGE, HOSTILE, NAMES } from '../../support/bench-page.js';
import { type Parsed, parsed, textsOf } from '../../support/markup.js';

const html = benchPage(HAND_MADE_PAGE);
const page = parsed(html);
const [first, second] = HAND_MADE_PAGE.sections as [
  (typeof HAND_MADE_PAGE.sections)[0],
  (typeof HAND_MADE_PAGE.sections)[0],
];
const section = (id: string) => page.querySelector(`#${id}`)!;
/** Drawings of charts, in the form for wide pages, without those of timelines. */
const charts = (id: string) => [...section(id).querySelectorAll('figure:not([data-timeline]) .wide svg')];

/** Tips of the points of the nth line. */
const tipsOf = (chart: Parsed, n: number) =>
  [...chart.querySelectorAll(`[data-series="${n}"] [data-tip]`)].map((point) => point.getAttribute('data-tip'));

describe('a page of benches', () => {
  it('refers to nothing outside itself, and forbids the browser to fetch anything', () => {
    const references = [...page.querySelectorAll('*')].flatMap((element) =>
      element
        .getAttributeNames()
        .filter((name) => /^(?:src|srcset|href|xlink:href|action|data|poster|style)$/.test(name))
        .map((name) => element.getAttribute(name)),
    );
    expect(references).toEqual(['data:,']);
    expect(html.replaceAll('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(
      /https?:|\burl\(|@import|\bfetch\(|XMLHttp/,
    );
    const policy = page.querySelector('meta[http-equiv="Content-Security-Policy"]')?.getAttribute('content');
    expect(policy).toMatch(/^default-src 'none';/);
  });

  it('shows names as they are, wherever they stand', () => {
    expect(html).not.toContain(HOSTILE);
    expect(page.querySelectorAll('b').length).toBe(0);
    expect(page.querySelector('title')?.textContent).toBe(HAND_MADE_PAGE.title);
    expect(page.querySelector('h1')?.textContent).toBe(HAND_MADE_PAGE.title);
    expect(textsOf(page, 'dd')).toEqual(HAND_MADE_PAGE.facts.map(([, value]) => value));
    expect(page.querySelector('.notice')?.textContent).toBe(HAND_MADE_PAGE.notice);
    expect(textsOf(section('first'), 'fieldset label').slice(0, NAMES.length)).toEqual(NAMES);
    expect(textsOf(section('first'), '.findings li')).toEqual(first.findings);
    expect(textsOf(section('first'), 'option').slice(0, NAMES.length)).toEqual(NAMES);
  });

  it('has every series in every chart, with a point for each number of harts', () => {
    expect(charts('first')).toHaveLength(4);
    expect(charts('second')).toHaveLength(1);
    for (const chart of [...charts('first'), ...charts('second')])
      for (const [n, name] of NAMES.entries()) {
        const tips = tipsOf(chart, n);
        expect(tips).toHaveLength(COUNTS.length);
        for (const [i, tip] of tips.entries()) expect(tip?.startsWith(`${name}, ${COUNTS[i]} hart`)).toBe(true);
      }
  });

  it('has each drawing for wide and for narrow pages, with a title and a description of its own', () => {
    const drawings = [...page.querySelectorAll('figure svg')];
    expect(page.querySelectorAll('.narrow svg').length).toBe(page.querySelectorAll('.wide svg').length);
    const ids = [...page.querySelectorAll('[id]')].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const drawing of drawings) {
      expect(drawing.getAttribute('role')).toBe('img');
      const [title, description] = drawing.getAttribute('aria-labelledby')!.split(' ');
      expect(drawing.querySelector('title')?.id).toBe(title);
      expect(drawing.querySelector('desc')?.id).toBe(description);
    }
  });

  it('has the figures of each chart as a table', () => {
    const { main, others } = first;
    const tables = [...section('first').querySelectorAll('figure:not([data-timeline]) table')];
    expect(tables).toHaveLength(1 + others.length);
    expect(textsOf(tables[0]!, 'thead th')).toEqual(['harts', ...COUNTS.map(String)]);
    expect(textsOf(tables[0]!, 'tbody th')).toEqual(NAMES);
    expect(textsOf(tables[0]!, 'tbody tr:first-child td')).toEqual(COUNTS.map(() => '1,000'));
    expect(tables[0]!.querySelector('caption')?.textContent).toContain(main.axis);
    const last = textsOf(tables[3]!, 'tbody tr:last-child td');
    expect(last).toEqual(['1', '2', '4', '8', 'there is none', 'there is none', 'there is none']);
  });

  it('has the timeline of each run, one of which is shown', () => {
    const timelines = [...section('first').querySelectorAll('[data-timeline]')];
    expect(timelines.map((one) => one.getAttribute('data-timeline'))).toEqual(['0-2', '0-64', '1-2', '1-64']);
    expect(timelines.filter((one) => one.getAttribute('hidden') === null)).toEqual([timelines[0]]);
    const { intervals } = first.timelines!.of[0]!;
    const rows = [...timelines[0]!.querySelectorAll('tbody tr')].map((row) =>
      [...row.children].map((cell) => cell.textContent),
    );
    expect(rows).toEqual(
      intervals.map(({ hart, wanted, taken, released }) => [hart, wanted, taken ?? '', released ?? ''].map(String)),
    );
    const bars = (name: string) => timelines[0]!.querySelector(`.wide .${name}`)!.getAttribute('d')!.match(/M/g);
    // Hart 1 wants it once more before the end; nobody waits where the time is nought.
    expect(bars('holds')).toHaveLength(30);
    expect(bars('waits')).toHaveLength(30);
    expect(second.timelines).toBeUndefined();
    expect(section('second').querySelector('.timelines')).toBeNull();
  });

  it('is the same every time', () => {
    expect(benchPage(HAND_MADE_PAGE)).toBe(html);
  });
});

describe('a chart', () => {
  const size = { width: 400, height: 300 };
  const { main, others } = first;

  it('has a place above all others for a figure that does not exist', () => {
    const lacking = parsed(drawHartsChart(others[2]!, size));
    expect(textsOf(lacking, '[aria-label="y-axis tick label"] text')).toContain('∞');
    expect(tipsOf(lacking, 7).at(-1)).toBe('h, 64 harts: there is none');
    expect(textsOf(parsed(drawHartsChart(main, size)), '[aria-label="y-axis tick label"] text')).not.toContain('∞');
  });

  it('says at its axes what they are', () => {
    const chart = parsed(drawHartsChart(main, size));
    expect(textsOf(chart, '[aria-label="y-axis label"] text')).toEqual([`↑ ${main.axis}`]);
    expect(textsOf(chart, '[aria-label="x-axis label"] text')).toEqual(['harts →']);
    expect(textsOf(chart, '[aria-label="x-axis tick label"] text')).toEqual(COUNTS.map(String));
  });

  it('names its lines at their ends when asked to', () => {
    expect(textsOf(parsed(drawHartsChart(main, { ...size, names: true })), 'g[data-series] text')).toEqual(NAMES);
  });

  it('of one number of harts has points all the same', () => {
    const one = main.series.map(({ name, points }) => ({ name, points: points.slice(0, 1) }));
    const chart = drawHartsChart({ ...main, series: one }, size);
    expect(chart).not.toContain('NaN');
    expect(tipsOf(parsed(chart), 1)).toHaveLength(1);
  });
});
