// check-stress-json.mjs FILE: is FILE what `hartbreak stress --json` promises, and did the run go well?
import { readFileSync } from 'node:fs';

const text = readFileSync(process.argv[2], 'utf8');
const problems = [];

const count = (value) => Number.isSafeInteger(value) && value >= 0;
const positive = (value) => count(value) && value > 0;
const named = (value) => typeof value === 'string' && value !== '';

/** Exactly these keys, each with a value that its check takes. */
function shape(where, value, checks) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    problems.push(`${where} is not an object`);
    return;
  }
  for (const [key, holds] of Object.entries(checks)) {
    if (!(key in value)) problems.push(`${where}.${key} is missing`);
    else if (!holds(value[key])) problems.push(`${where}.${key} is ${JSON.stringify(value[key])}`);
  }
  for (const key of Object.keys(value)) if (!(key in checks)) problems.push(`${where}.${key} is not in the format`);
}

function checkRun(run) {
  shape('run', run, {
    harts: positive,
    threads: (threads) => Array.isArray(threads) && threads.every(count),
    design: named,
    bug: (bug) => bug === null,
    seconds: (seconds) => typeof seconds === 'number' && seconds > 0,
    forks: positive,
    cowFaults: positive,
    pagesCopied: positive,
    pagesReused: count,
    instructions: positive,
    locks: (locks) => Array.isArray(locks) && locks.length > 0,
    ledger: (ledger) => typeof ledger === 'object',
    ok: (ok) => ok === true,
  });
  if (problems.length > 0) return;
  if (run.threads.length !== run.harts || new Set(run.threads).size !== run.harts)
    problems.push(`run.threads ${JSON.stringify(run.threads)} are not ${run.harts} different threads`);
  run.locks.forEach((lock, i) => {
    shape(`run.locks[${i}]`, lock, { name: named, acquisitions: count, contended: count, spins: count });
  });
  shape('run.ledger', run.ledger, {
    audits: positive,
    violations: (violations) => Array.isArray(violations) && violations.length === 0,
  });
}

try {
  checkRun(JSON.parse(text));
} catch (error) {
  if (!(error instanceof SyntaxError)) throw error;
  problems.push(`stdout is not one JSON object (${error.message})`);
}
for (const problem of problems) process.stderr.write(`stress --json: ${problem}\n`);
if (problems.length > 0) {
  process.stderr.write(`it printed: ${text.slice(0, 2000)}\n`);
  process.exitCode = 1;
}
