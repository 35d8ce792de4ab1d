/**
 * What the page does in a browser: theme, lines that are shown or not, the choice of a timeline, and a tip beside the
 * pointer. It asks nobody for anything.
 */
export const PAGE_SCRIPT = `'use strict';
const all = (selector, within = document) => [...within.querySelectorAll(selector)];

const theme = document.getElementById('theme');
const themes = ['auto', 'light', 'dark'];
theme.hidden = false;
theme.addEventListener('click', () => {
  const next = themes[(themes.indexOf(theme.value) + 1) % themes.length];
  theme.value = next;
  theme.textContent = 'Theme: ' + next;
  if (next === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = next;
});

for (const box of all('input[data-shows]')) {
  const show = () => {
    for (const part of all('.plot [data-series="' + box.dataset.shows + '"]', box.closest('section')))
      part.toggleAttribute('data-off', !box.checked);
  };
  box.addEventListener('change', show);
  // A browser may remember what was chosen before the page was loaded again.
  show();
}

for (const chooser of all('.timelines')) {
  const [lock, harts] = all('select', chooser);
  const choose = () => {
    const name = lock.value + '-' + harts.value;
    for (const timeline of all('[data-timeline]', chooser)) timeline.hidden = timeline.dataset.timeline !== name;
    chooser.querySelector('.missing').hidden = all('[data-timeline]:not([hidden])', chooser).length > 0;
  };
  lock.addEventListener('change', choose);
  harts.addEventListener('change', choose);
  choose();
}

const NEAR = 36;
const BESIDE = 14;
const tip = document.getElementById('tip');
let near;

function hideTip() {
  tip.hidden = true;
  near?.classList.remove('near');
  near = undefined;
}

function showTip(text, { clientX: x, clientY: y }) {
  tip.textContent = text;
  tip.hidden = false;
  const { width, height } = tip.getBoundingClientRect();
  const left = x + BESIDE + width > innerWidth ? x - BESIDE - width : x + BESIDE;
  const top = y + BESIDE + height > innerHeight ? y - BESIDE - height : y + BESIDE;
  tip.style.transform = 'translate(' + Math.max(0, left) + 'px,' + Math.max(0, top) + 'px)';
}

function nearest(svg, { clientX: x, clientY: y }) {
  let best;
  let least = NEAR;
  for (const point of all('[data-tip]', svg)) {
    const box = point.getBoundingClientRect();
    if (box.width === 0) continue;
    const distance = Math.hypot(box.x + box.width / 2 - x, box.y + box.height / 2 - y);
    if (distance < least) [best, least] = [point, distance];
  }
  return best;
}

function pointAt(svg, event) {
  const point = nearest(svg, event);
  hideTip();
  if (point === undefined) return;
  near = point;
  point.classList.add('near');
  showTip(point.dataset.tip, event);
}

const number = (cell) => (cell.textContent === '' ? Infinity : Number(cell.textContent));
const cycles = (value) => value.toLocaleString('en-US') + (value === 1 ? ' cycle' : ' cycles');
const rowsOf = new WeakMap();

function intervals(svg) {
  const figure = svg.closest('figure');
  if (!rowsOf.has(figure))
    rowsOf.set(figure, all('tbody tr', figure).map((row) => {
      const [hart, wanted, taken, released] = [...row.children].map(number);
      return { hart, wanted, taken, released };
    }));
  return rowsOf.get(figure);
}

function timelineAt(svg, event) {
  hideTip();
  const data = Object.fromEntries(Object.entries(svg.dataset).map(([name, text]) => [name, Number(text)]));
  const box = svg.getBoundingClientRect();
  const scale = svg.viewBox.baseVal.width / box.width;
  const x = (event.clientX - box.x) * scale;
  const hart = Math.floor(((event.clientY - box.y) * scale - data.top) / data.row);
  const at = ((x - data.left) / (data.right - data.left)) * data.cycles;
  // A pointer is no finer than this.
  const slack = (2 * data.cycles) / (data.right - data.left);
  if (x < data.left || x > data.right) return;
  const own = intervals(svg).filter((one) => one.hart === hart && one.wanted <= at + slack);
  const found = own.find(({ taken, released }) => at >= taken - slack && at <= released + slack) ?? own.find(({ released }) => at <= released);
  if (found === undefined) return;
  const { wanted, taken, released } = found;
  const began = wanted < 0 ? cycles(-wanted) + ' before the beginning' : 'at ' + cycles(wanted);
  showTip(
    taken === Infinity
      ? 'hart ' + hart + '\\nwanted it ' + began + '\\nstill waits at the end'
      : 'hart ' + hart + '\\nwanted it ' + began + '\\ngot it at ' + cycles(taken) + ', after ' + cycles(taken - wanted) +
        (released === Infinity ? '\\nstill has it at the end' : '\\nheld it for ' + cycles(released - taken)),
    event,
  );
}

for (const svg of all('figure svg.plot')) {
  const show = svg.dataset.cycles === undefined ? pointAt : timelineAt;
  for (const name of ['pointermove', 'pointerdown']) svg.addEventListener(name, (event) => show(svg, event));
  svg.addEventListener('pointerleave', hideTip);
}
addEventListener('scroll', hideTip, { passive: true });
`;
