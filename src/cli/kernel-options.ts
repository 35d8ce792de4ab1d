import { type Command, Option } from 'commander';
import { bugs } from '../../kernel/bugs/bugs.js';
import { DEFAULT_LOCK, lockFamilies } from '../../kernel/locks/families.js';
import { freeLists } from '../../kernel/memory/free-lists.js';
import { OWN_COUNTS, refsChoices } from '../../kernel/page-sharing/counts/schemes.js';
import { DEFAULT_DESIGN, designs } from '../../kernel/page-sharing/designs.js';
import { formNames } from '../../kernel/page-sharing/page-sharing.js';
import { oneOf } from './arguments.js';

export const names = (rows: readonly { readonly name: string }[]) => rows.map(({ name }) => name);

/**
 * Options that choose a kernel; the choices come from the code's own declarations.
 * @param freelist what is said of the free list where none is chosen
 */
export function withKernelOptions(command: Command, freelist: string): Command {
  return command
    .addOption(
      new Option('-d, --design <name>', `page-sharing design: ${names(designs).join(', ')}`)
        .argParser(oneOf('design', names(designs)))
        .default(undefined, `${DEFAULT_DESIGN.name}, or the first that the bug is in`),
    )
    .addOption(
      new Option('-f, --form <name>', `the design's form: ${formNames.join(', ')}`)
        .argParser(oneOf('form', formNames))
        .default(formNames[0]),
    )
    .addOption(
      new Option('-b, --bug <name>', 'put in a known mistake, see `hartbreak bugs`').argParser(
        oneOf('bug', names(bugs)),
      ),
    )
    .addOption(
      new Option('-l, --lock <name>', `family of every lock of the kernel: ${names(lockFamilies).join(', ')}`)
        .argParser(oneOf('lock', names(lockFamilies)))
        .default(undefined, `${DEFAULT_LOCK.name}, or the one that the bug is in`),
    )
    .addOption(
      new Option('--refs <name>', `how references are counted: ${names(refsChoices).join(', ')}`)
        .argParser(oneOf('counting scheme', names(refsChoices)))
        .default(undefined, `${OWN_COUNTS.name}, or the one that the bug is in`),
    )
    .addOption(
      new Option('--freelist <name>', `lists of free frames: ${names(freeLists).join(', ')}`)
        .argParser(oneOf('free list', names(freeLists)))
        .default(undefined, freelist),
    );
}
