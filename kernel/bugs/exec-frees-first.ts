import type { ProgramImage } from '../../src/hart/program-image.js';
import type { Exec, LoadedProgram } from '../process/exec.js';
import { proc } from '../process/proc-struct.js';
import type { Bug } from './bug.js';
import { everyDesign } from './which-designs.js';

const { pagetable, newPagetable, sz } = proc.fields;

const inExec = (Sound: typeof Exec) =>
  class ExecFreesFirst extends Sound {
    protected override load(p: number, image: ProgramImage, argv: readonly Uint8Array[]): LoadedProgram | string {
      const { mem } = this.cx;
      // So that there is room for the new one.
      this.vm.uvmfree(pagetable.load(mem, p), sz.load(mem, p));
      return super.load(p, image, argv);
    }

    protected override commit(p: number, program: LoadedProgram): void {
      this.switchTo(p, program);
      newPagetable.store(this.cx.mem, p, 0);
    }
  };

export const execFreesFirst: Bug = {
  name: 'exec-frees-first',
  summary: 'exec frees the old image before the switch to the new one: when that cannot be built, there is none',
  explanation:
    'exec frees the memory and the page table that the process has, so that their frames serve for the new image, ' +
    'and then builds that. But other harts allocate too. When one of them takes what is left, exec cannot go on, ' +
    'and cannot go back: it returns -1 to a program that is gone. The process runs on with a page table that lies ' +
    'on the free list, or is by then a page of somebody else.',
  designs: everyDesign,
  harmful: true,
  expected: ['panic', 'use-after-free', 'ledger'],
  scenario: 'exec-allocate',
  change: (sound) => ({ ...sound, Exec: inExec(sound.Exec) }),
};
