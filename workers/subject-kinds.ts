import { hostedKind } from '../kernel/scenarios/hosted.js';
import type { HartParts } from '../kernel/scenarios/stage.js';
import { SubjectError, type SubjectKind } from '../src/explore/subject.js';
import { guestKind } from '../src/guest/guest.js';
import type { SharedMemory } from '../src/memory/shared-memory.js';

/**
 * The kind of subject that has this name. Add new kinds here.
 * @param partsFor what subjects need from below and do not know how to make, for a machine
 * Throws SubjectError for a name that no kind has.
 */
export function subjectKindNamed(name: string, partsFor: (memory: SharedMemory) => HartParts): SubjectKind {
  const kinds: readonly SubjectKind[] = [hostedKind(partsFor) as SubjectKind, guestKind(partsFor) as SubjectKind];
  const found = kinds.find(({ kind }) => kind === name);
  const names = kinds.map(({ kind }) => kind).join(', ');
  if (found === undefined) throw new SubjectError(`there is no kind of subject '${name}'; there are: ${names}`);
  return found;
}
