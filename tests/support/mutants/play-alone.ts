import { hostedKind } from '../../../kernel/scenarios/hosted.js';
import { hostedConfig } from '../../../kernel/scenarios/hosted-config.js';
import { HostedSubject } from '../../../kernel/scenarios/hosted-subject.js';
import { scenarioNamed } from '../../../kernel/scenarios/scenarios.js';
import type { Stage } from '../../../kernel/scenarios/stage.js';
import { CHECK_DEFAULTS } from '../../../src/app/check.js';
import { memoryFor } from '../../../src/explore/controlled-machine.js';
import { SubjectError } from '../../../src/explore/subject.js';
import { compileInterpreter } from '../../../src/interpreter/compile-interpreter.js';
import { hartParts } from '../../../src/machine/hart-parts.js';
import type { SharedMemory } from '../../../src/memory/shared-memory.js';
import type { Place } from './place.js';

const interpreter = compileInterpreter();
const kind = hostedKind((memory) => hartParts(memory, interpreter));
const limits = { stepLimit: CHECK_DEFAULTS.stepLimit, spins: 0 };
/** One of each shape. */
const memories = new Map<string, SharedMemory>();

/**
 * Plays a duel on this thread, one part after the other, in one order and the other. Nothing for one that is not possible
 * in that kernel, or cannot be set up.
 *
 * @param before called when the duel is set up, and @param after when a hart has played its part
 */
export function playAlone(place: Place, before: () => void, after: (hart: number) => void): void {
  const scenario = scenarioNamed(place.scenario);
  if (scenario.program !== undefined) return;
  const { parts } = scenario;
  const harts = [...parts.keys()];
  for (const order of [harts, harts.toReversed()]) {
    const stage = setUp(place);
    if (stage === undefined) return;
    before();
    for (const hart of order) {
      const user = stage.users[hart]!;
      parts[hart]?.(user);
      user.interrupt();
      after(hart);
    }
  }
}

function setUp(place: Place): Stage | undefined {
  const config = kind.parse(hostedConfig(place));
  const shape = kind.shape(config);
  const key = JSON.stringify(shape);
  const known = memories.get(key);
  known?.clear();
  const memory = known ?? memoryFor(shape, limits);
  memories.set(key, memory);
  try {
    const subject = kind.open(config, memory);
    return subject instanceof HostedSubject ? subject.stage : undefined;
  } catch (error) {
    if (error instanceof SubjectError) return undefined;
    throw error;
  }
}
