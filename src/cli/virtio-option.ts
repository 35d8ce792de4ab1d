import { Option } from 'commander';
import { oneOf } from './arguments.js';

/** The versions of the disk's transport by the names that virtio has for them. */
export const virtioVersions = { modern: 2, legacy: 1 } as const;
export type VirtioName = keyof typeof virtioVersions;

/** `--virtio`, of commands with a board. */
export function virtioOption(): Option {
  const names = Object.keys(virtioVersions);
  return new Option('--virtio <name>', `the disk’s transport: ${names.join(' or ')}`)
    .argParser(oneOf('virtio transport', names))
    .default('modern');
}
