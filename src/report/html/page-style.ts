import { DRAWING_STYLE, FONT } from './drawing.js';
import { paletteVariables } from './palette.js';

/** Above it, in pixels, the wide form of each drawing is shown. */
const BREAKPOINT = 760;

export const PAGE_STYLE = `
:root { color-scheme: light; ${paletteVariables('light')} }
@media (prefers-color-scheme: dark) { :root:not([data-theme="light"]) { color-scheme: dark; ${paletteVariables('dark')} } }
:root[data-theme="dark"] { color-scheme: dark; ${paletteVariables('dark')} }
* { box-sizing: border-box; }
body { margin: 0; background: var(--background); color: var(--text); font: 16px/1.5 ${FONT}; }
main, header { max-width: 1180px; margin: 0 auto; padding: 0 16px; }
main { padding-bottom: 48px; }
header { padding-top: 24px; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 8px; }
h2 { font-size: 1.25rem; margin: 40px 0 8px; padding-top: 16px; border-top: 1px solid var(--grid); }
p, ul { margin: 8px 0; max-width: 76ch; }
ul { padding-left: 20px; }
.findings { columns: 2 480px; column-gap: 32px; max-width: none; font-size: 0.9rem; }
li { margin: 4px 0; break-inside: avoid; }
code { font: 0.9em/1.4 ui-monospace, "Liberation Mono", Menlo, monospace; overflow-wrap: anywhere; }
.head { display: flex; gap: 16px; align-items: flex-start; justify-content: space-between; }
.notice { border-left: 4px solid var(--line-1); padding-left: 12px; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 16px; margin: 8px 0; font-size: 0.9rem; }
dt { color: var(--faint); }
dd { margin: 0; min-width: 0; }
button, select { font: inherit; font-size: 0.9rem; color: inherit; background: var(--background); border: 1px solid var(--faint); border-radius: 6px; padding: 4px 10px; }
button { white-space: nowrap; cursor: pointer; }
fieldset { border: 0; padding: 0; margin: 12px 0; display: flex; flex-wrap: wrap; gap: 4px 18px; font-size: 0.9rem; }
legend { float: left; padding: 0; margin-right: 18px; color: var(--faint); }
label { display: inline-flex; align-items: center; gap: 6px; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 480px), 1fr)); gap: 16px 32px; }
figure { margin: 16px 0; min-width: 0; }
figcaption { font-size: 0.9rem; color: var(--faint); max-width: 110ch; }
figcaption strong { display: block; font-size: 1rem; color: var(--text); }
svg { display: block; }
.wide > svg, .narrow > svg { width: 100%; height: auto; overflow: visible; }
${DRAWING_STYLE}
.plot [data-off] { display: none; }
[data-tip] { cursor: default; }
[data-tip].near { stroke: var(--text); stroke-width: 2; }
.narrow { display: none; }
details { margin-top: 4px; font-size: 0.85rem; }
summary { cursor: pointer; color: var(--faint); }
.scrolls { overflow: auto; max-height: 420px; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin: 6px 0; }
caption { text-align: left; color: var(--faint); padding: 2px 0; }
th, td { padding: 2px 10px; border-bottom: 1px solid var(--grid); text-align: right; font-weight: normal; white-space: nowrap; }
th:first-child { text-align: left; padding-left: 0; }
thead th { color: var(--faint); }
#tip { position: fixed; pointer-events: none; z-index: 1; left: 0; top: 0; max-width: min(340px, 90vw); padding: 4px 8px; border-radius: 6px; font-size: 0.85rem; background: var(--text); color: var(--background); white-space: pre-line; }
[hidden] { display: none !important; }
@media (max-width: ${BREAKPOINT}px) {
  .wide { display: none; }
  .narrow { display: block; }
  h1 { font-size: 1.3rem; }
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: 6px; }
}
`;
