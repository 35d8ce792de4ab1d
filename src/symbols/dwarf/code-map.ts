import { Attribute } from './constants.js';
import { type CodeScope, readFunctions, scopesAt } from './functions.js';
import { readLineHeader } from './line-header.js';
import { LineTable } from './line-table.js';
import { type Range, rangesOf } from './ranges.js';
import type { Unit } from './unit.js';
import type { Units } from './units.js';

/** A line of a source file. */
export interface SourceLine {
  /** As the compiler was called: `kernel/proc.c`. */
  readonly file: string;
  /** Where the compiler ran, which `file` is relative to unless it is absolute. */
  readonly directory: string;
  /** From 1; 0 where the code comes from no line. */
  readonly line: number;
}

/** A function around an address, and the line in it: of one that another was inlined into, that of the call. */
export interface CodePlace {
  readonly function: string | undefined;
  readonly source: SourceLine | undefined;
}

/** What DWARF says of instructions. Of a unit it is read when an address in it is first asked for. */
export class CodeMap {
  private readonly pieces: readonly { range: Range; code: UnitCode }[];

  constructor(units: Units) {
    this.pieces = units.compilations.flatMap((unit) => {
      const code = new UnitCode(unit);
      return code.ranges.map((range) => ({ range, code }));
    });
  }

  /** Innermost first; empty where DWARF knows nothing of the address. */
  at(address: number): CodePlace[] {
    // Assemblers say how long their code was before the linker shortened it, so a unit may reach into the next one.
    let found: CodePlace[] = [];
    for (const { range, code } of this.pieces) {
      if (address < range.low || address >= range.high) continue;
      const places = code.at(address);
      if (places[0]?.source !== undefined) return places;
      if (found.length === 0) found = places;
    }
    return found;
  }
}

class UnitCode {
  readonly ranges: readonly Range[];
  private functions: readonly CodeScope[] | undefined;
  private lines: LineTable | undefined;
  private readonly directory: string;

  constructor(private readonly unit: Unit) {
    const ranges = rangesOf(unit.root);
    // Old compilers leave it out of the unit and say it of the functions.
    this.ranges = ranges.length > 0 ? ranges : this.ownFunctions().flatMap((f) => f.ranges);
    this.directory = unit.root.text(Attribute.compilationDirectory) ?? '';
  }

  at(address: number): CodePlace[] {
    const lines = this.lineTable();
    const row = lines?.at(address);
    let source = row === undefined ? undefined : this.sourceLine(row.file, row.line);
    const places: CodePlace[] = [];
    for (const scope of scopesAt(this.ownFunctions(), address)) {
      places.push({ function: scope.name, source });
      const file = lines?.file(scope.callFile);
      source = file === undefined ? undefined : this.sourceLine(file, scope.callLine);
    }
    return places.length > 0 || source === undefined ? places : [{ function: undefined, source }];
  }

  private ownFunctions(): readonly CodeScope[] {
    this.functions ??= readFunctions(this.unit.root);
    return this.functions;
  }

  private lineTable(): LineTable | undefined {
    const { root, header, sections } = this.unit;
    const offset = root.number(Attribute.statementList);
    if (this.lines === undefined && offset !== undefined)
      this.lines = new LineTable(readLineHeader(sections, offset, header.addressSize, this.directory));
    return this.lines;
  }

  private sourceLine(file: { directory: string; name: string }, line: number): SourceLine {
    const { directory } = this;
    const whole = isAbsolute(file.name) || file.directory === '' ? file.name : `${file.directory}/${file.name}`;
    const isBelow = directory !== '' && whole.startsWith(`${directory}/`);
    return { file: isBelow ? whole.slice(directory.length + 1) : whole, directory, line };
  }
}

function isAbsolute(path: string): boolean {
  return path.startsWith('/');
}
