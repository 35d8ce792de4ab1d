import { drawHartsChart, type HartsChart, type HartsChartOptions, valuesOf } from './harts-chart.js';
import { escaped } from './markup.js';
import { PAGE_SCRIPT } from './page-script.js';
import { PAGE_STYLE } from './page-style.js';
import { drawSwatch } from './swatch.js';
import { hartsTable, timelineTable } from './tables.js';
import { drawTimeline, type Timeline } from './timeline-chart.js';

/** What a page of benches shows. All text is plain: the page escapes it. */
export interface BenchPage {
  readonly title: string;
  readonly lead: string;
  /** What has to be known before anything else, if anything. */
  readonly notice?: string;
  /** What the figures depend on: the command, the version, costs. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly sections: readonly BenchSection[];
}

/** One bench. Its charts have the same series, in the same order. */
export interface BenchSection {
  /** Unique on the page; letters. */
  readonly id: string;
  readonly title: string;
  /** What was done. */
  readonly text: string;
  /** What the figures say. */
  readonly findings: readonly string[];
  /** What a series is: `lock`, `design`. */
  readonly kind: string;
  readonly main: HartsChart;
  readonly others: readonly HartsChart[];
  /** Timelines, and what all of them have in common. */
  readonly timelines?: { readonly text: string; readonly of: readonly Timeline[] };
}

/** Forms of a drawing: the page shows the one that fits. In pixels. */
const MAIN = { wide: { width: 1148, height: 440, names: true }, narrow: { width: 368, height: 340 } };
const SMALL = { wide: { width: 558, height: 300 }, narrow: { width: 368, height: 300 } };
const TIMELINE = { wide: { width: 1148 }, narrow: { width: 368 } };
/** A timeline that is shown at first has at most so many harts: each can be told from the others. */
const FIRST_HARTS = 8;

/** The page as one HTML document that needs nothing beside it. */
export function benchPage(page: BenchPage): string {
  const facts = page.facts.map(([name, value]) => `<dt>${escaped(name)}</dt><dd><code>${escaped(value)}</code></dd>`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
<title>${escaped(page.title)}</title>
<link rel="icon" href="data:,">
<style>${PAGE_STYLE}</style>
</head>
<body>
<header>
<div class="head"><h1>${escaped(page.title)}</h1><button id="theme" type="button" value="auto" hidden>Theme: auto</button></div>
${page.notice === undefined ? '' : `<p class="notice">${escaped(page.notice)}</p>`}
<p>${escaped(page.lead)}</p>
<dl>${facts.join('\n')}</dl>
</header>
<main>
${page.sections.map(sectionOf).join('\n')}
</main>
<div id="tip" role="status" hidden></div>
<script>${PAGE_SCRIPT}</script>
</body>
</html>
`;
}

function sectionOf({ id, title, text, findings, kind, main, others, timelines }: BenchSection): string {
  const names = main.series.map(({ name }) => name);
  const reach = others.map(valuesOf);
  const unitOf = ({ unit }: HartsChart) => unit;
  return `<section id="${id}">
<h2>${escaped(title)}</h2>
<p>${escaped(text)}</p>
<fieldset><legend>Show</legend>${names.map(keyOf).join('\n')}</fieldset>
${chartFigure(main, MAIN)}
<ul class="findings">${findings.map((finding) => `<li>${escaped(finding)}</li>`).join('\n')}</ul>
<div class="charts">
${others.map((chart) => chartFigure(chart, SMALL, reach.filter((_, i) => unitOf(others[i]!) === chart.unit).flat())).join('\n')}
</div>
${timelines === undefined || timelines.of.length === 0 ? '' : timelinesOf(timelines, names, kind)}
</section>`;
}

function keyOf(name: string, n: number): string {
  return `<label><input type="checkbox" checked data-shows="${n}">${drawSwatch(n)}${escaped(name)}</label>`;
}

type Forms<T> = Readonly<Record<'wide' | 'narrow', T>>;

function chartFigure(chart: HartsChart, forms: Forms<HartsChartOptions>, reach: readonly number[] = []): string {
  return `<figure>${captionOf(chart)}
${inForms(chart, forms, (captioned, form) => drawHartsChart(captioned, { ...form, reach }))}
${foldedAway(hartsTable(chart))}
</figure>`;
}

function captionOf({ title, description }: { readonly title: string; readonly description: string }): string {
  return `<figcaption><strong>${escaped(title)}</strong>${escaped(description)}</figcaption>`;
}

function inForms<C extends { readonly id: string }, F>(
  chart: C,
  forms: Forms<F>,
  draw: (chart: C, form: F) => string,
): string {
  return Object.entries(forms)
    .map(([name, form]) => `<div class="${name}">${draw({ ...chart, id: `${chart.id}-${name}` }, form)}</div>`)
    .join('\n');
}

function foldedAway(table: string): string {
  return `<details><summary>The figures as a table</summary>${table}</details>`;
}

function timelinesOf(
  { text, of: timelines }: NonNullable<BenchSection['timelines']>,
  names: readonly string[],
  kind: string,
): string {
  const counts = [...new Set(timelines.map(({ harts }) => harts))].sort((a, b) => a - b);
  const first = counts.findLast((count) => count <= FIRST_HARTS) ?? counts[0]!;
  const lookOf = ({ lock }: Timeline) => names.indexOf(lock);
  const locks = names.map((name, n) => `<option value="${n}">${escaped(name)}</option>`);
  const harts = counts.map((count) => `<option${count === first ? ' selected' : ''}>${count}</option>`);
  const figures = timelines.map((timeline) => {
    const look = lookOf(timeline);
    const isFirst = look === 0 && timeline.harts === first;
    return `<figure data-timeline="${look}-${timeline.harts}"${isFirst ? '' : ' hidden'}>${captionOf(timeline)}
${inForms(timeline, TIMELINE, (captioned, { width }) => drawTimeline(captioned, { width, look }))}
${foldedAway(timelineTable(timeline))}
</figure>`;
  });
  return `<div class="timelines">
<h3>Who held it, and who waited</h3>
<p>${escaped(text)}</p>
<fieldset><label>${escaped(kind)} <select>${locks.join('')}</select></label>
<label>harts <select>${harts.join('')}</select></label></fieldset>
<p class="missing" hidden>This one was not run.</p>
${figures.join('\n')}
</div>`;
}
