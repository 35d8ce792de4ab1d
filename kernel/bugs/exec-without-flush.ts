import type { Exec, LoadedProgram } from '../process/exec.js';
import { proc } from '../process/proc-struct.js';
import type { Bug } from './bug.js';
import { everyDesign } from './which-designs.js';

const inExec = (Sound: typeof Exec) =>
  class ExecWithoutFlush extends Sound {
    protected override switchTo(p: number, program: LoadedProgram): void {
      const { mem } = this.cx;
      proc.fields.pagetable.store(mem, p, program.pagetable);
      proc.fields.sz.store(mem, p, program.sz);
    }
  };

export const execWithoutFlush: Bug = {
  name: 'exec-without-flush',
  summary: 'exec gives the process another address space, but the hart stays in the old one',
  explanation:
    'exec switches the page table in struct proc and frees the old one, but neither writes satp nor flushes the TLB. ' +
    'The new program goes on through the translations of the old one: it reads and writes frames that are free, or ' +
    'that another process, which had shared them, still uses.',
  designs: everyDesign,
  harmful: true,
  expected: ['stale-tlb', 'use-after-free', 'content'],
  scenario: 'exec-allocate',
  change: (sound) => ({ ...sound, Exec: inExec(sound.Exec) }),
};
