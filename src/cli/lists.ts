import { Command } from 'commander';
import { bugs } from '../../kernel/bugs/bugs.js';
import { scenarios } from '../../kernel/scenarios/scenarios.js';
import { textTable } from '../report/table.js';
import { strategies } from '../schedule/strategies.js';

/** Commands that list what can be chosen by name, from the code's own declarations. */
export function listCommands(): Command[] {
  return [
    list('scenarios', 'situations that explore can run', ['scenario', 'harts', ''], () =>
      scenarios.map(({ name, harts, summary }) => [name, String(harts), summary]),
    ),
    list('bugs', 'known mistakes that can be put into a kernel', ['bug', 'designs', ''], () =>
      bugs.map(({ name, designs, summary }) => [name, designs.join(', '), summary]),
    ),
    list('strategies', 'ways to choose schedules', ['strategy', ''], () => [
      ...strategies.map(({ name, summary }) => [name, summary]),
      ['exhaustive', 'every schedule with at most --bound preemptions'],
    ]),
  ];
}

function list(name: string, description: string, heads: string[], rows: () => string[][]): Command {
  return new Command(name).description(description).action(() => {
    process.stdout.write(`${textTable(heads, rows(), 'left')}\n`);
  });
}
