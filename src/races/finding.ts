/** What observers, the books of a subject and the subject itself can hold against a run. */
export type FindingKind =
  | 'data-race'
  | 'lockset'
  | 'lock-order'
  | 'double-free'
  | 'use-after-free'
  | 'double-allocation'
  | 'stale-tlb'
  | 'deadlock'
  | 'livelock'
  | 'panic'
  | 'ledger'
  | 'content'
  | 'wrong-result'
  /** It ended as no order of its operations, one after the other, does. */
  | 'not-serial'
  /** A rule that a subject or an observer of somebody else's has of its own. */
  | 'invariant';

/** Something that is wrong. */
export interface Complaint {
  readonly kind: FindingKind;
  /**
   * Which word, function or rule it is about, in words that are the same in every run and stay when the summary is
   * reworded: no frame, pid, count or hart. Kind and place are what a failure is known by (`signatureOf`).
   */
  readonly place: string;
  /** What broke, in the supervisor's own names. */
  readonly summary: string;
}

/** One thing that is held against a run. */
export interface Finding extends Complaint {
  /** Indexes into the trace of the events that show it, the last one last. */
  readonly events: readonly number[];
  /** Findings that a sound supervisor may have: told beside a failure, never a failure by themselves. */
  readonly advisory: boolean;
}

/** The same failure in two runs has the same signature, whatever its frames, pids and counts, and however it is worded. */
export function signatureOf({ kind, place }: Pick<Complaint, 'kind' | 'place'>): string {
  return `${kind}: ${place}`;
}

/** The kinds by which a supervisor really does harm; the others are reasons to look closer. */
const HARM: readonly FindingKind[] = [
  'use-after-free',
  'double-free',
  'double-allocation',
  'stale-tlb',
  'deadlock',
  'livelock',
  'panic',
  'ledger',
  'content',
  'wrong-result',
  'not-serial',
  'invariant',
];

export function isHarm({ kind }: Pick<Complaint, 'kind'>): boolean {
  return HARM.includes(kind);
}

/** Numbers of elements and bytes left out of a word's name: `proc[3].state` → `proc[].state`, `frame 0x80123000+8` → `frame`. */
export function placeOfWord(name: string): string {
  const kept = name
    .replace(/0x[0-9a-f]+/g, '')
    .replace(/\[\d*\]/g, '[]')
    .replace(/\+\d*/g, '')
    .trim();
  return kept === '' ? 'memory without a name' : kept;
}
