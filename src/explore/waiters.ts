import { placeOfWord } from '../races/finding.js';
import type { WaitedWord } from '../schedule/hart-turns.js';
import type { ControlledMachine } from './controlled-machine.js';

/** After a deadlock: who waits for what, and who has it; and, as its place, the words that are waited for. */
export function waitersAtEnd({ subject, coordinator }: ControlledMachine): {
  readonly place: string;
  readonly summary: string;
} {
  const names = subject.names();
  const words = new Set<string>();
  const told = ({ address, value }: WaitedWord) => {
    const lock = subject.lockAt(address);
    const word = lock?.name ?? names.describe(address);
    words.add(placeOfWord(word));
    const holder = lock?.holder(value);
    return `${word}${holder === undefined ? '' : `, which hart ${holder} holds`}`;
  };
  const waits = coordinator.blocked().map(({ hart, host, words: waited }) => {
    return host ? `hart ${hart} is idle` : `hart ${hart} waits for ${waited.map(told).join(' or ')}`;
  });
  return { place: [...words].toSorted().join(', '), summary: waits.join('; ') };
}
