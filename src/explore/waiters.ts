import { placeOfWord } from '../races/finding.js';
import type { ControlledMachine } from './controlled-machine.js';

/** After a deadlock: who waits for what, and who has it; and, as its place, the words that are waited for. */
export function waitersAtEnd({ subject, coordinator }: ControlledMachine): {
  readonly place: string;
  readonly summary: string;
} {
  const names = subject.names();
  const words = new Set<string>();
  const waits = coordinator.blocked().map(({ hart, address, value, host }) => {
    if (host) return `hart ${hart} is idle`;
    const word = names.describe(address);
    words.add(placeOfWord(word));
    const holder = subject.lockAt(address)?.holder(value);
    return `hart ${hart} waits for ${word}${holder === undefined ? '' : `, which hart ${holder} holds`}`;
  });
  return { place: [...words].toSorted().join(', '), summary: waits.join('; ') };
}
