/** Whether tick a comes before tick b. They are modulo 2^32, and no sleep is as long as half of that. */
export function before(a: number, b: number): boolean {
  return ((b - a) | 0) > 0;
}
