/** Index of the last item that begins at the address or below; -1 where there is none. */
export function lastAtOrBelow<T>(sorted: readonly T[], address: number, start: (item: T) => number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (start(sorted[middle]!) <= address) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
