import { createHash } from 'node:crypto';
import { ControlledMachine, memoryFor } from '../../src/explore/controlled-machine.js';
import { Explorer } from '../../src/explore/explorer.js';
import type { SubjectKind } from '../../src/explore/subject.js';
import type { ToyDuel } from './toy-duels.js';
import { toyHarts } from './toy-harts.js';
import { toyKind } from './toy-subject.js';

const limits = { stepLimit: 1000, spins: 1000 };

interface ToyOptions {
  readonly harts?: number;
  readonly observers?: readonly string[];
  readonly oracle?: boolean;
  readonly classes?: boolean;
  readonly mayFail?: number;
}

/** The explorer over a toy; the test's own thread is hart 0. */
export class ToyExplorer {
  readonly explorer: Explorer;
  private readonly others: Promise<void>;

  constructor(duel: ToyDuel, { harts = 2, observers, oracle, classes, mayFail = 0 }: ToyOptions = {}) {
    const config = { duel, harts, mayFail };
    const memory = memoryFor(toyKind.shape(config), limits);
    const machine = new ControlledMachine(toyKind as SubjectKind, config, memory, limits, (bytes) =>
      createHash('sha256').update(bytes).digest('hex'),
    );
    this.others = toyHarts(memory, duel);
    this.explorer = new Explorer(machine, observers, oracle, classes);
  }

  async close(): Promise<void> {
    this.explorer.machine.dismiss();
    await this.others;
  }
}
