import { describe, expect, it } from 'vitest';
import { registerName } from '../../../src/isa/registers.js';
import { FrameMap } from '../../../src/symbols/dwarf/frame-map.js';
import { debugSections } from '../../support/debug-sections.js';
import { type DescribedProgram, describedProgram, printedBy } from '../../support/described-program.js';

interface Row {
  readonly pc: number;
  readonly frame: string;
  /** `ra c-8`, by the order of the registers. */
  readonly saved: readonly string[];
}

/** The rows that `readelf --debug-dump=frames-interp` prints for functions: one for each instruction at which the rules change. */
function printedRows(name: DescribedProgram): Row[] {
  const rows: Row[] = [];
  let columns: string[] | undefined;
  let isFunction = false;
  for (const line of printedBy(name, 'frames')) {
    const words = line.trim().split(/\s+/);
    if (line.includes('CIE') || line.includes('FDE')) {
      isFunction = line.includes('FDE');
      columns = undefined;
    } else if (words[0] === 'LOC') columns = words.slice(2);
    else if (isFunction && columns !== undefined && /^[0-9a-f]{16}$/.test(words[0] ?? '')) {
      const places = words.slice(2);
      const saved = columns.map((column, i) => `${column} ${places[i]}`).filter((place) => place.includes(' c'));
      rows.push({ pc: Number.parseInt(words[0]!, 16), frame: words[1]!, saved: saved.toSorted() });
    }
  }
  return rows;
}

describe('the way out of every function', () => {
  it.each(['dwarf-2', 'no-frame-pointer'] as const)('%s: as readelf prints it', (name) => {
    const frames = new FrameMap(debugSections(describedProgram(name)));
    const rows = printedRows(name);
    expect(rows.length).toBeGreaterThan(15);
    for (const { pc, frame, saved } of rows) {
      const rules = frames.rulesAt(pc);
      expect(rules?.returnRegister).toBe(1);
      expect(rules && `${registerName(rules.frame.register)}+${rules.frame.offset}`, pc.toString(16)).toBe(frame);
      const ours = [...(rules?.saved ?? [])].map(([register, offset]) => `${registerName(register)} c${offset}`);
      expect(ours.toSorted(), pc.toString(16)).toEqual(saved);
    }
  });

  it('is unknown in assembly that does not say it, and where there is no code', () => {
    const frames = new FrameMap(debugSections(describedProgram('dwarf-5')));
    expect(frames.rulesAt(0x80000000)).toBeUndefined();
    expect(frames.rulesAt(0x1000)).toBeUndefined();
    expect(new FrameMap(debugSections(describedProgram('stripped'))).rulesAt(0x80000020)).toBeUndefined();
  });
});
