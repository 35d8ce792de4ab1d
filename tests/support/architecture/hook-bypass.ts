import { lineOf, type SourceText } from './source-text.js';

/**
 * Every access of the kernel to shared memory is a point of the schedule and seen by observers, because the kernel has
 * `SharedAccess` and nothing else. What goes around it is closed here: the direct views, by their classes and by the
 * names under which a hart or a machine could hand them over. Scenarios set machines up and look at them afterwards,
 * past any schedule, and are exempt.
 */
const DIRECT = [
  { pattern: /\bDirectAccess\b/g, why: 'names DirectAccess' },
  { pattern: /\bSharedMemory\b/g, why: 'names SharedMemory' },
  { pattern: /\.\s*(?:ram|host)\b/g, why: 'takes a direct view of memory' },
  { pattern: /[{,]\s*(?:ram|host)\s*(?::\s*\w+\s*)?[,}][^=;]*=(?!=)/g, why: 'takes a direct view of memory' },
];

/** One line for each way around the hooks. */
export function hookBypassViolations(source: SourceText): string[] {
  if (!source.path.startsWith('kernel/') || source.path.startsWith('kernel/scenarios/')) return [];
  const named = [...source.text.matchAll(/\[\s*(['"`])(?:ram|host)\1\s*\]/g)];
  const found = DIRECT.flatMap(({ pattern, why }) =>
    [...source.code.matchAll(pattern)].map((match) => ({ match, why })),
  );
  return [...found, ...named.map((match) => ({ match, why: 'takes a direct view of memory' }))].map(
    ({ match, why }) =>
      `${source.path}:${lineOf(source, match.index)}: ${why}; the kernel has SharedAccess (${match[0].trim()})`,
  );
}
