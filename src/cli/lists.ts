import { Command } from 'commander';
import type { Bug } from '../../kernel/bugs/bug.js';
import { bugs } from '../../kernel/bugs/bugs.js';
import { lockFamilies } from '../../kernel/locks/families.js';
import { freeLists } from '../../kernel/memory/free-lists.js';
import { refsChoices } from '../../kernel/page-sharing/counts/schemes.js';
import { designs as allDesigns } from '../../kernel/page-sharing/designs.js';
import { generatedDuels } from '../../kernel/scenarios/generated/generated.js';
import { scenarios } from '../../kernel/scenarios/scenarios.js';
import { UsageError } from '../app/usage-error.js';
import { kernelScenarios } from '../guest/kernel-scenarios.js';
import { listWidth, pageOf } from '../report/page.js';
import { textTable } from '../report/table.js';
import { commandText, fitted, hanging, READABLE, wrapped } from '../report/wrap.js';
import { strategies } from '../schedule/strategies.js';
import { oneOf } from './arguments.js';

/** Commands that list what can be chosen by name, from the code's own declarations. */
export function listCommands(): Command[] {
  return [
    scenariosCommand(),
    bugsCommand(),
    list('locks', 'families of locks that a kernel can have', ['lock', ''], () =>
      lockFamilies.map(({ name, summary }) => [name, summary]),
    ),
    list('refs', 'ways to count the references to a page', ['refs', ''], () =>
      refsChoices.map(({ name, summary }) => [name, summary]),
    ),
    list('freelists', 'ways to keep the free pages', ['freelist', ''], () =>
      freeLists.map(({ name, summary }) => [name, summary]),
    ),
    list('strategies', 'ways to choose schedules', ['strategy', ''], () => [
      ...strategies.map(({ name, summary }) => [name, summary]),
      ['exhaustive', 'every schedule with at most --bound preemptions'],
    ]),
  ];
}

/** `hartbreak scenarios`: those that somebody wrote; with `--generated`, those that are made of operations and start states. */
function scenariosCommand(): Command {
  return new Command('scenarios')
    .description('situations that explore can run')
    .option('--generated', 'those that are generated from operations and start states')
    .option('--kernel', 'those for a kernel image of your own')
    .action(({ generated, kernel }: { readonly generated?: boolean; readonly kernel?: boolean }) => {
      const duels = generatedDuels();
      if (generated === true && kernel === true)
        throw new UsageError('--generated and --kernel are two lists; ask for one');
      const rows = kernel === true ? kernelScenarios : generated === true ? duels : scenarios;
      const cells = rows.map(({ name, harts, summary }) => [name, String(harts), summary]);
      const table = textTable(['scenario', 'harts', ''], cells, 'left', [], listWidth(process.stdout));
      const more = `${duels.length} more are generated, and have the serial oracle for their check: hartbreak scenarios --generated`;
      const isWritten = generated !== true && kernel !== true;
      process.stdout.write(`${table}\n${!isWritten ? '' : `\n${fitted(more, listWidth(process.stdout))}\n`}`);
    });
}

/** `hartbreak bugs [name]`: a row for each known mistake, or all that there is to know about one. */
function bugsCommand(): Command {
  const names = bugs.map(({ name }) => name);
  return new Command('bugs')
    .description('list known mistakes that can be put into a kernel')
    .argument('[name]', 'tell all about this one', oneOf('bug', names))
    .action((name?: string) => {
      const bug = bugs.find((one) => one.name === name);
      process.stdout.write(`${bug === undefined ? bugTable() : bugText(bug)}\n`);
    });
}

function bugTable(): string {
  const rows = bugs.map((bug) => [
    bug.name,
    bug.harmful ? 'yes' : 'no',
    bug.scenario,
    designsText(bug.designs),
    bug.summary,
  ]);
  return textTable(['bug', 'harm', 'scenario', 'designs', ''], rows, 'left', [], listWidth(process.stdout));
}

/** Those that a mistake is possible in, or where it is not when those are few. */
export function designsText(names: readonly string[]): string {
  const others = allDesigns.map(({ name }) => name).filter((name) => !names.includes(name));
  if (others.length === 0) return 'all';
  return others.length === 1 ? `all but ${others[0]}` : names.join(', ');
}

function bugText(bug: Bug): string {
  const { name, summary, explanation, designs, lock, refs, freelist, harmful, expected, scenario } = bug;
  const { width } = pageOf(process.stdout);
  return [
    hanging(`${name}: `, summary, width),
    '',
    ...wrapped(explanation, Math.min(width, READABLE)),
    '',
    `can do harm:  ${harmful ? 'yes' : 'no'}`,
    hanging('reported as:  ', expected.length === 0 ? 'nothing: only statistics tell' : expected.join(', '), width),
    hanging('in designs:   ', designs.join(', '), width),
    ...(lock === undefined ? [] : [`in locks:     ${lock}`]),
    ...(refs === undefined ? [] : [`in refs:      ${refs}`]),
    ...(freelist === undefined ? [] : [`in freelists: ${freelist}`]),
    commandText(
      'to see it:   ',
      `hartbreak explore --scenario ${scenario} --design ${designs[0]} --bug ${name}`,
      width,
    ),
  ].join('\n');
}

function list(name: string, description: string, heads: string[], rows: () => string[][]): Command {
  return new Command(name).description(description).action(() => {
    process.stdout.write(`${textTable(heads, rows(), 'left', [], listWidth(process.stdout))}\n`);
  });
}
