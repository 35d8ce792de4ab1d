import { lastAtOrBelow } from '../last-at-or-below.js';
import { partAt, partNamed } from './part.js';
import type { Type } from './types.js';
import type { Units } from './units.js';
import { readVariables, type Variable } from './variables.js';

/** A word of a program's data, as C names it. */
export interface DataPlace {
  /** `kmem.freelist`, `proc[3].context.ra`. */
  readonly name: string;
  readonly address: number;
  readonly type: Type;
}

/** What DWARF says of static data. */
export class DataMap {
  /** By address; of several for one place the first. */
  private readonly variables: readonly Variable[];

  constructor(units: Units) {
    this.variables = readVariables(units);
  }

  /** The smallest part of a variable around the address, which may be inside it; undefined where no variable is. */
  at(address: number): DataPlace | undefined {
    const variable = this.variableAt(address);
    if (variable === undefined) return undefined;
    const { path, type, offset } = partAt(variable.type, address - variable.address);
    return { name: variable.name + path, address: address - offset, type };
  }

  /** `kmem.freelist` → where it lies; undefined where there is none. */
  find(name: string): DataPlace | undefined {
    const [variableName] = /^[^.[]+/.exec(name) ?? [''];
    const variable = this.variables.find((v) => v.name === variableName);
    if (variable === undefined) return undefined;
    const part = partNamed(variable.type, name.slice(variableName.length));
    return part === undefined ? undefined : { name, address: variable.address + part.offset, type: part.type };
  }

  private variableAt(address: number): Variable | undefined {
    const last = lastAtOrBelow(this.variables, address, (v) => v.address);
    // Several may begin at one address, when a unit only declares what another defines.
    for (let i = last; i >= 0; i--) {
      const variable = this.variables[i]!;
      if (address < variable.address + variable.type.size) return variable;
      if (variable.address !== this.variables[last]!.address) return undefined;
    }
    return undefined;
  }
}
