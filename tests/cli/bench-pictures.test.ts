import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { canSeeThreads, finished, hartbreak, start, untilStarting } from '../support/command-line.js';
import { emptyFolder } from '../support/files.js';
import { isLongForm } from '../support/long-form.js';
import { parsed, textsOf } from '../support/markup.js';

const FEW = [
  'bench',
  'locks',
  '--harts',
  '1,2',
  '--lock',
  'mcs',
  '--lock',
  'ticket',
  '--seed',
  '7',
  '--repetitions',
  '1',
];

describe('hartbreak bench locks', () => {
  it('makes a page and a picture of the figures that it prints', async () => {
    const folder = emptyFolder();
    const [html, svg] = [join(folder, 'my page.html'), join(folder, 'picture.svg')];
    writeFileSync(html, 'what was there');
    const { status, stderr, stdout } = await hartbreak(...FEW, '--html', html, '--svg', svg, '--json');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(readdirSync(folder).sort()).toEqual(['my page.html', 'picture.svg']);

    const { virtual } = JSON.parse(stdout);
    const tips = (virtual.locks.cells as { lock: string; harts: number; throughput: number }[]).map(
      ({ lock, harts, throughput }) =>
        `${lock}, ${harts} hart${harts === 1 ? '' : 's'}: ${Math.round(throughput)} acquisitions per million cycles`,
    );
    const page = parsed(readFileSync(html, 'utf8'));
    for (const drawing of [page.querySelector('figure .wide svg')!, parsed(readFileSync(svg, 'utf8'))]) {
      const points = [...drawing.querySelectorAll('[data-tip]')].map((point) => point.getAttribute('data-tip'));
      expect(points.sort()).toEqual([...tips].sort());
    }
    const facts = Object.fromEntries(textsOf(page, 'dt').map((name, i) => [name, textsOf(page, 'dd')[i]]));
    expect(facts).toMatchObject({
      command: `hartbreak ${FEW.join(' ')} --html '${html}' --svg ${svg} --json`,
      seed: '7',
      'costs in cycles': expect.stringContaining('hit 5, share 44, transfer 109'),
    });
    expect(page.querySelectorAll('[data-timeline]').length).toBe(4);
    expect(page.querySelector('.notice')).toBeNull();
  });

  it.runIf(canSeeThreads && isLongForm)(
    'leaves what was there when it is interrupted before there is a figure',
    async () => {
      const html = join(emptyFolder(), 'page.html');
      writeFileSync(html, 'what was there');
      const command = start('bench', 'locks', '--harts', '16', '--acquisitions', '2000', '--html', html);
      await untilStarting(command);
      command.kill('SIGINT');
      const { stderr } = await finished(command);
      expect(stderr).toBe(`hartbreak: the page is not saved to ${html}: there are no figures for it\n`);
      expect(readFileSync(html, 'utf8')).toBe('what was there');
    },
  );

  it.runIf(isLongForm)('makes no file when a later one could not be written', async () => {
    const html = join(emptyFolder(), 'page.html');
    const { status } = await hartbreak(...FEW, '--html', html, '--svg', '/nowhere/picture.svg');
    expect(status).toBe(2);
    expect(existsSync(html)).toBe(false);
  });
});
