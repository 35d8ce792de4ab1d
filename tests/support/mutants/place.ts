import { lockFamilies } from '../../../kernel/locks/families.js';
import { freeLists } from '../../../kernel/memory/free-lists.js';
import { countingSchemes } from '../../../kernel/page-sharing/counts/schemes.js';
import { DEFAULT_DESIGN, designs } from '../../../kernel/page-sharing/designs.js';
import { generatedDuels } from '../../../kernel/scenarios/generated/generated.js';
import type { HostedChoice } from '../../../kernel/scenarios/hosted-config.js';
import { scenarios } from '../../../kernel/scenarios/scenarios.js';

/** A duel, and a kernel in which it is played. */
export type Place = HostedChoice;

/**
 * Where a mistake can be looked for: every duel in the default kernel; those without files in every other design, as that
 * is all that designs are about; and the written ones with each lock, way to count and kind of free list.
 */
export function allPlaces(): Place[] {
  const written = scenarios.filter(({ program }) => program === undefined).map(({ name }) => name);
  const generated = generatedDuels();
  const inAll = [...written, ...generated.filter(({ disk }) => disk === undefined).map(({ name }) => name)];
  const { name: usual } = DEFAULT_DESIGN;
  const chosen: Omit<Place, 'scenario'>[] = [
    ...lockFamilies.map(({ name }) => ({ lock: name })),
    ...countingSchemes.map(({ name }) => ({ refs: name })),
    ...freeLists.map(({ name }) => ({ freelist: name })),
  ];
  return [
    ...[...written, ...generated.map(({ name }) => name)].map((scenario) => ({ scenario, design: usual })),
    ...designs
      .filter(({ name }) => name !== usual)
      .flatMap(({ name: design }) => inAll.map((scenario) => ({ scenario, design }))),
    ...chosen.flatMap((choice) => written.map((scenario) => ({ scenario, design: usual, ...choice }))),
  ];
}
