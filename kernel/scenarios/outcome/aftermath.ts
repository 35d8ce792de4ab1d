import { BusError } from '../../../src/memory/access.js';
import { NoEnd, TentativeAccess } from '../../../src/memory/tentative-access.js';
import { KernelPanic } from '../../kernel-panic.js';
import { system } from '../../layout.js';
import { ProcState, proc } from '../../process/proc-struct.js';
import type { Stage } from '../stage.js';
import type { User } from '../user.js';

const { state, killed, restarting } = proc.fields;

/** Accesses after which what comes of a run counts as never ending: some hundred times what it takes. */
const MOST_ACCESSES = 5_000_000;
/** Interrupts that a hart gets, at most, until nothing is left to be done. */
const MOST_INTERRUPTS = 8;

/**
 * What would become of a run that is over, on one thread and past any schedule, and without a trace in memory: `look` sees
 * the machine at rest, with every call that can go on gone on, whichever hart would have taken it up; `lookAgain` sees it
 * once every process has given back what it has. What stops the kernel on the way is returned in words.
 */
export function aftermath(
  stage: Stage,
  look: (mem: TentativeAccess) => void,
  lookAgain: (mem: TentativeAccess) => void,
): string | undefined {
  const mem = new TentativeAccess(stage.memory.ram, MOST_ACCESSES);
  try {
    const users = stage.aside(mem);
    comeToRest(stage, users, mem);
    look(mem);
    giveBackAll(stage, users[0]!, mem);
    lookAgain(mem);
    return undefined;
  } catch (error) {
    if (error instanceof KernelPanic || error instanceof BusError || error instanceof NoEnd)
      return `${error.name}: ${'place' in error ? error.place : error.message}`;
    throw error;
  } finally {
    mem.takeBack();
  }
}

/** Harts that are done with their parts would have taken up what others made runnable since. */
function comeToRest({ layout }: Stage, users: readonly User[], mem: TentativeAccess): void {
  const isOver = () => system.fields.halted.load(mem, layout.system) !== 0;
  const isPending = (p: number) => {
    const now = state.load(mem, p);
    const wakes = now === ProcState.Runnable && (restarting.load(mem, p) !== 0 || killed.load(mem, p) !== 0);
    return wakes || (now === ProcState.Running && killed.load(mem, p) !== 0);
  };
  for (let round = 0; round < MOST_INTERRUPTS * users.length; round++)
    for (const user of users) {
      if (isOver() || !layout.procs.some(isPending)) return;
      user.interrupt();
    }
}

/** What exit gives back, of all processes: open files, directories, memory. */
function giveBackAll({ layout }: Stage, { kernel }: User, mem: TentativeAccess): void {
  const { descriptors, table } = kernel.parts;
  for (const p of layout.procs) {
    const now = state.load(mem, p);
    if (now === ProcState.Unused || now === ProcState.Zombie) continue;
    descriptors.closeAll(p);
    table.freeMemory(p);
  }
}
