import { symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bugs } from '../../kernel/bugs/bugs.js';
import { DINODE_SIZE, dinodeAt, put16, readSuperblock } from '../../kernel/fs/format.js';
import { mkfs } from '../../kernel/fs/mkfs.js';
import { lockFamilies } from '../../kernel/locks/families.js';
import { designs } from '../../kernel/page-sharing/designs.js';
import { BSIZE } from '../../kernel/params.js';
import { programFile } from '../support/assembled-program.js';
import { type Finished, hartbreak } from '../support/command-line.js';
import { elfImage } from '../support/elf-image.js';
import { emptyFolder } from '../support/files.js';
import { inProcess } from '../support/in-process.js';
import { sampled } from '../support/long-form.js';
import { builtProgram } from '../support/programs.js';

const hello = builtProgram('hello');
const file = (...image: Parameters<typeof elfImage>) => programFile(elfImage(...image));
const names = (rows: readonly { readonly name: string }[]) => rows.map(({ name }) => name).join(', ');
const large = file({ content: 0, segments: [{ fileSize: 0n, memSize: 4n << 20n }] });
const damaged = mkfs([{ name: 'f', data: new Uint8Array(10) }]);
// The first short of the inode: its type.
put16(damaged, dinodeAt(readSuperblock(damaged.subarray(BSIZE)), 2).block * BSIZE + 2 * DINODE_SIZE, 9);
function linkIntoNothing(): string {
  const link = join(emptyFolder(), 'link');
  symlinkSync('nothing', link);
  return link;
}
const many = Array.from({ length: 40 }, (_, i) => `word-${i}`);

/** What is wrong, the command, and what its line must say. */
const wrong: [string, readonly string[], string][] = [
  ['a bench that is not there', ['bench', 'nonsense'], "there is no bench 'nonsense'; there are: locks"],
  ['a lock that is not there', ['bench', 'locks', '--lock', 'none'], "there is no lock 'none'; there are: adaptive"],
  ['65 harts', ['bench', 'locks', '--harts', '1,65'], "--harts must be a whole number from 1 to 64, not '65'"],
  [
    'a comparison file that is not there',
    ['bench', 'locks', '--compare', '/none.json'],
    'cannot read /none.json: ENOENT',
  ],
  ['a comparison file that is something else', ['bench', '--compare', 'package.json'], 'package.json is no result of'],
  [
    'an xv6 that is not there',
    ['run', '--abi', 'xv6-1975'],
    "there is no interface 'xv6-1975'; there are: xv6, xv6-2025",
  ],
  ['no rounds', ['bench', 'fork', '--rounds', '0'], '--rounds must be a whole number from 1 to 1000'],
  ['a cost that is not there', ['bench', 'locks', '--cost', 'x=1'], "there is no cost 'x'; there are: hit, share"],
  ['a cost without a number', ['bench', 'locks', '--cost', 'hit'], 'as in transfer=289'],
  ['a cost of nothing', ['bench', 'locks', '--cost', 'hit=0'], '--cost hit must be a whole number from 1'],
  [
    'a page where there is no folder',
    ['bench', 'locks', '--html', '/nowhere/page.html'],
    'cannot write /nowhere/page.html: there is no such folder; give --html a file that can be written',
  ],
  [
    'a picture of something else',
    ['bench', 'alloc', 'refs', '--svg', 'a.svg'],
    '--svg makes a picture of locks, and alloc, refs has none: bench locks too',
  ],
  ['a picture into a folder', ['bench', 'locks', '--svg', tmpdir()], 'is no regular file; give --svg a file'],
  ['an option twice', ['explore', '-S', 'fault-fault', '-S', 'fork-exit'], '--scenario can be given once'],
  ['an option without a parser twice', ['explore', '-o', 'a', '--out', 'b'], '--out can be given once'],
  ['more scenarios than one', ['explore', '-S', 'all'], 'takes one scenario; `hartbreak campaign` runs all of them'],
  ['a list of them', ['explore', '-S', 'fault-fault,fork-exit'], 'takes one scenario; `hartbreak campaign` runs all'],
  ['call sites of nothing', ['stress', '--callers'], '--callers is about the statistics of locks; give --lockstat too'],
  [
    'a format of nothing',
    ['run', '--format', 'xv6', hello],
    '--format is about the statistics of locks; give --lockstat',
  ],
  [
    'a format that is not there',
    ['stress', '--lockstat', '--format', 'bsd'],
    "there is no format 'bsd'; there are: linux, xv6",
  ],
  [
    'call sites in xv6’s lines',
    ['stress', '--lockstat', '--format', 'xv6', '--callers'],
    '--format xv6 has no room for who takes the locks; leave out --callers',
  ],
  [
    'a format of text in JSON',
    ['stress', '--lockstat', '--format', 'linux', '--json'],
    '--format is about text; leave out either that or --json',
  ],
  ['a file that is not there', ['run', '/nowhere/hello'], 'cannot read /nowhere/hello: there is no such file'],
  ['a folder', ['run', tmpdir()], 'it is a folder; give the path of a RISC-V program'],
  ['a device', ['run', '/dev/zero'], '/dev/zero is a device; give the path of a RISC-V program'],
  ['a file that is no ELF', ['run', programFile(Buffer.from('#!/bin/sh\n'))], 'not an ELF file'],
  ['an empty file', ['run', programFile(Buffer.alloc(0))], 'the file is empty'],
  ['a 32-bit program', ['run', file({ class: 1 })], 'a 32-bit ELF, and this machine is RV64'],
  ['a program for another machine', ['run', file({ machine: 62 })], 'machine 62 (x86-64), not for RISC-V (243)'],
  [
    'a kernel that is to be run as a program',
    ['run', file({ entry: 0x8000_0000n, segments: [{ vaddr: 0x8000_0000n }] })],
    'is linked for 0x80000000, as kernels are; start a kernel by: hartbreak boot /',
  ],
  ['a truncated header', ['run', programFile(elfImage().subarray(0, 40))], 'the file is truncated: its ELF header'],
  [
    'a truncated segment',
    ['run', programFile(elfImage().subarray(0, 4000))],
    'the file is truncated: its segment at 0x0',
  ],
  [
    'a segment outside the address space',
    ['run', file({ segments: [{ vaddr: 2n ** 38n }] })],
    'outside the user address space',
  ],
  ['a program larger than memory', ['run', '--memory', '2', large], 'give it more memory'],
  [
    'nothing to run from the disk',
    ['run', '--exec', ' '],
    '--exec is empty; give it the path of a program on the disk',
  ],
  ['two programs', ['run', '--exec', 'ls', hello], "--exec runs 'ls' and leaves nothing to run"],
  ['a time of another kind', ['run', '--time', 'slow', hello], "there is no time 'slow'; there are: real, virtual"],
  [
    'a disk that is not there',
    ['run', '--disk', '/nowhere/fs.img'],
    'cannot read /nowhere/fs.img: there is no such file',
  ],
  [
    'a disk that is a device',
    ['run', '--disk', '/dev/zero'],
    '/dev/zero is no regular file; give the path of an image',
  ],
  ['a disk that is none', ['run', '--disk', hello], `${hello} cannot be mounted: it is no xv6 file system`],
  ['a damaged disk', ['run', '--disk', programFile(damaged)], 'cannot be mounted: inode 2 has type 9'],
  ['a disk larger than memory', ['run', '-m', '2'], 'no kernel for 64 processes and a disk of 2000 blocks'],
  [
    'nowhere to save the disk',
    ['run', '--disk-out', '/nowhere/fs.img'],
    'cannot write /nowhere/fs.img: there is no such',
  ],
  ['a device to save the disk to', ['run', '--disk-out', '/dev/null'], '/dev/null is no regular file; give --disk-out'],
  ['a folder to be to save the disk to', ['run', '--disk-out', join(tmpdir(), 'new/')], 'that is the name of a folder'],
  ['a link into nothing to save the disk to', ['run', '--disk-out', linkIntoNothing()], 'a link that leads nowhere'],
  ['no name to save the disk to', ['run', '--disk-out', ''], 'cannot write : there is no such'],
  ['no harts', ['stress', '--harts', '0'], "--harts must be a whole number from 1 to 64, not '0'"],
  ['too many harts', ['run', '--harts', '65', hello], "--harts must be a whole number from 1 to 64, not '65'"],
  ['harts in words', ['stress', '--harts', 'two'], "--harts must be a whole number from 1 to 64, not 'two'"],
  ['a fraction of a hart', ['stress', '--harts', '1.5'], "--harts must be a whole number from 1 to 64, not '1.5'"],
  ['too little memory', ['stress', '--memory', '1'], "--memory must be a whole number from 2 to 2048, not '1'"],
  ['too much memory', ['run', '--memory', '2049', hello], "--memory must be a whole number from 2 to 2048, not '2049'"],
  ['no time', ['stress', '--seconds', '0'], "--seconds must be a number of seconds above 0, at most 1000000, not '0'"],
  ['more time than anybody has', ['stress', '--seconds', '1e9'], 'at most 1000000'],
  ['an unknown design', ['stress', '--design', 'best'], `there is no design 'best'; there are: ${names(designs)}`],
  [
    'an unknown bug',
    ['stress', '--bug', 'none'],
    `there is no bug 'none'; \`hartbreak bugs\` lists all ${bugs.length}`,
  ],
  [
    'a bug that the design cannot have',
    ['stress', '--design', 'eager', '--bug', 'unlocked-count'],
    "the design 'eager' cannot have it",
  ],
  ['an unknown lock', ['stress', '--lock', 'best'], `there is no lock 'best'; there are: ${names(lockFamilies)}`],
  [
    'a bug that the lock cannot have',
    ['stress', '--lock', 'adaptive', '--bug', 'ticket-not-atomic'],
    "the bug 'ticket-not-atomic' is one of ticket locks; the lock 'adaptive' cannot have it",
  ],
  [
    'an unknown counting scheme',
    ['stress', '--refs', 'best'],
    "there is no counting scheme 'best'; there are: own, one-lock, striped, per-page, atomic",
  ],
  ['an unknown free list', ['run', '--freelist', 'two'], "there is no free list 'two'; there are: one, per-hart"],
  ...['core-map', 'hidden-write', 'fork-tree', 'eager'].map((design): (typeof wrong)[number] => [
    `counts of ${design} kept another way`,
    ['stress', '--design', design, '--refs', 'atomic'],
    `the design '${design}' has no counts that could be kept by 'atomic'; those of page-map-lock, mapped-count, kmem-count can`,
  ]),
  [
    'a published form’s counts kept another way',
    ['explore', '--form', 'published', '--refs', 'atomic'],
    "the form 'published' counts as its author did; leave it out, or the counting scheme 'atomic'",
  ],
  [
    'counts under the lock of a list of which there are several',
    ['run', '--design', 'kmem-count', '--freelist', 'per-hart', hello],
    "choose a counting scheme, or the free list 'one'",
  ],
  [
    'a bug that the counting scheme cannot have',
    ['explore', '--refs', 'striped', '-b', 'plain-add'],
    "the bug 'plain-add' is one of atomic counts; the counting scheme 'striped' cannot have it",
  ],
  [
    'a bug that the free list cannot have',
    ['stress', '--freelist', 'one', '-b', 'steal-one-look'],
    "the bug 'steal-one-look' is one of per-hart free lists; the free list 'one' cannot have it",
  ],
  [
    'a bug of a design’s own counts, with others',
    ['explore', '--refs', 'atomic', '-b', 'unlocked-count'],
    "the bug 'unlocked-count' is one of the design's own counts; leave out the counting scheme 'atomic' or the bug",
  ],
  ['more workers than process slots', ['stress', '--workers', '64'], 'give --processes 129 or fewer --workers'],
  [
    'more pages than memory',
    ['stress', '--workers', '4', '--pages', '8192'],
    '4 workers with 8192 pages each, and their children, need 257 MiB; give as much with --memory',
  ],
  [
    'an unknown scenario',
    ['explore', '-S', 'duel'],
    "there is no scenario 'duel'; `hartbreak scenarios` lists those that somebody wrote, with --generated the rest",
  ],
  ['an unknown strategy', ['explore', '-t', 'luck'], "there is no strategy 'luck'; there are: random, pct,"],
  [
    'a bug to explore that the design cannot have',
    ['explore', '-d', 'eager', '-b', 'unlocked-count'],
    "the design 'eager' cannot have it",
  ],
  [
    'a bug to explore in a form that has its own',
    ['explore', '-f', 'published', '-b', 'unlocked-count'],
    "leave out the form 'published' or the bug",
  ],
  [
    'a bug to explore that the lock cannot have',
    ['explore', '--lock', 'mcs', '-b', 'clh-node-reused'],
    "the bug 'clh-node-reused' is one of clh locks; the lock 'mcs' cannot have it",
  ],
  ['no schedules', ['explore', '-N', '0'], "--schedules must be a whole number from 1 to 1000000000, not '0'"],
  [
    'nowhere to save failures, which is told before the work',
    ['explore', '-N', '1000000000', '-o', '/dev/null/failures'],
    'choose another --out',
  ],
  ['an unknown command', ['stres'], "unknown command 'stres' (Did you mean stress?); see hartbreak --help"],
  ['help on an unknown command', ['help', 'stres'], "unknown command 'stres'; see hartbreak --help"],
  ['an unknown option', ['stress', '--speed', '3'], "unknown option '--speed'; see hartbreak stress --help"],
  ['an option without its value', ['stress', '--harts'], "option '-n, --harts <number>' argument missing"],
  [
    'an argument too many',
    ['stress', 'hard'],
    "too many arguments for 'stress'. Expected 0 arguments but got 1; see hartbreak stress --help",
  ],
];

/** Refused once the machine boots: by hart 0, in its thread. */
const wrongAtBoot: typeof wrong = [
  ['more arguments than the kernel passes on', ['run', hello, ...many], 'its arguments do not fit: at most 32'],
  [
    'a program that the disk has not',
    ['run', '--exec', 'nothing x'],
    'cannot start nothing: the disk has no such program',
  ],
  ['a disk without init', ['run', '--disk', programFile(mkfs([]))], 'cannot start /init: the disk has no such program'],
];

function expectRefused({ status, stdout, stderr }: Finished, expected: string): void {
  expect(stderr).toMatch(/^hartbreak: .+\n$/);
  expect(stderr).toContain(expected);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
}

describe('a wrong command gets one line on stderr, nothing on stdout, and exit status 2', () => {
  it.each(wrong)('%s', async (_what, args, expected) => {
    expectRefused(await inProcess(...args), expected);
  });

  it('one that asked for JSON', async () => {
    expectRefused(await inProcess('stress', '--json', '--harts', '0'), '--harts must be');
  });

  it('a word that is no command, told by a process', async () => {
    expectRefused(await hartbreak('stres'), "unknown command 'stres' (Did you mean stress?); see hartbreak --help");
  });

  it.each(sampled(wrongAtBoot, wrongAtBoot.length))(
    '%s, told by a process that has started a machine',
    async (_what, args, expected) => {
      expectRefused(await hartbreak(...args), expected);
    },
  );
});

describe('help goes to stdout, and is no failure', () => {
  const help: [string, readonly string[], string][] = [
    ['hartbreak', [], 'stress'],
    ['hartbreak --help', ['--help'], 'stress'],
    ['hartbreak help stress', ['help', 'stress'], '--seconds'],
    ['hartbreak stress --help', ['stress', '--help'], designs[0]!.name],
    ['hartbreak run --help', ['run', '--help'], 'hartbreak bugs'],
  ];
  function expectHelp({ status, stdout, stderr }: Finished, expected: string): void {
    expect(stdout).toMatch(/^Usage: hartbreak/);
    expect(stdout).toContain(expected);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  }

  it.each(help)('%s', async (_title, args, expected) => {
    expectHelp(await inProcess(...args), expected);
  });

  it('hartbreak --help in a process', async () => {
    expectHelp(await hartbreak('--help'), 'stress');
  });

  it('and so does the version', async () => {
    const { status, stdout } = await inProcess('--version');
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(status).toBe(0);
  });
});
