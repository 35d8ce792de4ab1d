import { readFileSync } from 'node:fs';
import { median } from '../../report/spread.js';
import { figure } from '../../report/table.js';
import { UsageError } from '../usage-error.js';
import { BENCH_FORMAT, type BenchResult, type MeasuredRow } from './result.js';

/** What became of one figure since an earlier run. */
export interface Change {
  /** `locks mcs, 8 harts` */
  readonly what: string;
  readonly unit: string;
  readonly before: number;
  readonly now: number;
}

/** Every figure that both have, against an earlier run. */
export interface Comparison {
  /** In virtual time: whatever is not the same to the digit. */
  readonly virtual: readonly Change[];
  /** Measured: where the least of one is more than the most of the other. */
  readonly measured: readonly Change[];
  /** Figures that both have, changed or not. */
  readonly compared: number;
  /** Costs or workload are others: virtual time was not compared. */
  readonly otherTerms: boolean;
}

/** Reads what `bench --json` printed. Throws UsageError with one line when it is not there, damaged, or of another version. */
export function readBenchFile(path: string): BenchResult {
  const value = parsed(path);
  if (!isRecord(value) || !('format' in value) || !('virtual' in value))
    throw new UsageError(`${path} is no result of bench --json`);
  if (value.format !== BENCH_FORMAT)
    throw new UsageError(
      `${path} was written by another version (${String(value.format)}, this one reads ${BENCH_FORMAT}); make it anew with bench --json`,
    );
  const { virtual, measured } = value;
  const isWhole =
    isRecord(virtual) &&
    isRecord(virtual.costs) &&
    isRecord(measured) &&
    Array.isArray(measured.rows) &&
    measured.rows.every(isRow) &&
    figuresOf(virtual).every(({ value: number }) => typeof number === 'number');
  if (!isWhole) throw new UsageError(`${path} is damaged: make it anew with bench --json`);
  return value as unknown as BenchResult;
}

function parsed(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`cannot read ${path}: ${(error as NodeJS.ErrnoException).code ?? String(error)}`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw new UsageError(`${path} is damaged: it is no JSON`);
    throw error;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isRow(row: unknown): row is MeasuredRow {
  return (
    isRecord(row) &&
    Array.isArray(row.values) &&
    row.values.length > 0 &&
    row.values.every((value) => typeof value === 'number') &&
    [row.bench, row.what, row.unit].every((text) => typeof text === 'string') &&
    typeof row.harts === 'number'
  );
}

export function compared(before: BenchResult, now: BenchResult): Comparison {
  const otherTerms = JSON.stringify(termsOf(before)) !== JSON.stringify(termsOf(now));
  const virtual = otherTerms ? [] : pairs(figuresOf(before.virtual), figuresOf(now.virtual));
  const rows = now.measured.rows.flatMap((row) => {
    const earlier = before.measured.rows.find((one) => nameOf(one) === nameOf(row) && one.unit === row.unit);
    return earlier === undefined ? [] : [{ row, earlier }];
  });
  return {
    virtual: virtual.filter((one) => one.before !== one.now),
    measured: rows
      .filter(({ row, earlier }) => areApart(row.values, earlier.values))
      .map(({ row, earlier }) => ({
        what: nameOf(row),
        unit: row.unit,
        before: median(earlier.values),
        now: median(row.values),
      })),
    compared: virtual.length + rows.length,
    otherTerms,
  };
}

/** One line for each change, and one that says how much was compared. */
export function comparisonText({ virtual, measured, compared: count, otherTerms }: Comparison, path: string): string {
  const line = ({ what, unit, before, now }: Change) =>
    `${what}: ${figure(before)} → ${figure(now)} ${unit} (${now >= before ? '+' : ''}${(100 * (now / before - 1)).toFixed(1)} %)`;
  return [
    `against ${path}: ${count} figures are in both`,
    ...(otherTerms ? ['virtual time was not compared: costs or workload were others'] : []),
    ...(virtual.length === 0 ? [] : ['changed in virtual time:', ...virtual.map((one) => `  ${line(one)}`)]),
    ...(measured.length === 0 ? [] : ['changed beyond the spread:', ...measured.map((one) => `  ${line(one)}`)]),
    ...(virtual.length + measured.length === 0 && count > 0 ? ['nothing has changed'] : []),
  ].join('\n');
}

interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
}

/** What a bench in virtual time depends on beside the kernel. */
function termsOf({ virtual }: BenchResult): unknown {
  const { costs, locks, ...works } = virtual;
  const terms = Object.entries(works).map(([name, { rounds, pages }]) => [name, rounds, pages]);
  return { costs, workload: locks?.workload, terms };
}

/** Of each cell the figures that say most. */
function figuresOf(virtual: unknown): Figure[] {
  if (!isRecord(virtual)) return [];
  return Object.entries(virtual).flatMap(([bench, figures]) => {
    const cells = isRecord(figures) && Array.isArray(figures.cells) ? figures.cells.filter(isRecord) : [];
    return cells.flatMap((cell) => {
      const name = `${bench} ${[cell.lock, cell.variant, cell.work].filter((part) => part !== undefined).join(' ')}, ${cell.harts} harts`;
      const wait = isRecord(cell.wait) ? [{ name, unit: 'cycles waited (p99)', value: cell.wait.p99 as number }] : [];
      return [{ name, unit: 'per million cycles', value: cell.throughput as number }, ...wait];
    });
  });
}

function pairs(before: readonly Figure[], now: readonly Figure[]): Change[] {
  return now.flatMap(({ name, unit, value }) => {
    const earlier = before.find((one) => one.name === name && one.unit === unit);
    return earlier === undefined ? [] : [{ what: name, unit, before: earlier.value, now: value }];
  });
}

function nameOf({ bench, what, harts }: Pick<MeasuredRow, 'bench' | 'what' | 'harts'>): string {
  return `${bench} ${what}, ${harts} harts`;
}

/** Whether all values of one lie above all of the other. */
function areApart(a: readonly number[], b: readonly number[]): boolean {
  return Math.min(...a) > Math.max(...b) || Math.max(...a) < Math.min(...b);
}
