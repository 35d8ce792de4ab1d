/** ABI names of x0 to x31 (RISC-V psABI, "Integer Register Convention"). */
export const registerNames = [
  ...['zero', 'ra', 'sp', 'gp', 'tp', 't0', 't1', 't2', 's0', 's1'],
  ...['a0', 'a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'a7'],
  ...['s2', 's3', 's4', 's5', 's6', 's7', 's8', 's9', 's10', 's11', 't3', 't4', 't5', 't6'],
] as const;
export type RegisterName = (typeof registerNames)[number];

const numbers: ReadonlyMap<string, number> = new Map([
  ...registerNames.map((name, number): [string, number] => [name, number]),
  ...registerNames.map((_, number): [string, number] => [`x${number}`, number]),
  ['fp', 8],
]);

/** `x10`, `a0`, `fp` …; undefined when it names no register. */
export function registerNumber(name: string): number | undefined {
  return numbers.get(name);
}

/** ABI name of x`number`; throws when there is no such register. */
export function registerName(number: number): RegisterName {
  const name = registerNames[number];
  if (name === undefined) throw new RangeError(`there is no register x${number}`);
  return name;
}
