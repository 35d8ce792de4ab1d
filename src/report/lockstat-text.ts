import type { Page } from './page.js';
import { figure, textTable } from './table.js';
import { READABLE, wrapped } from './wrap.js';

/** What is shown of how long some acquisitions took. */
export interface TimeFigures {
  readonly count: number;
  readonly min: number;
  readonly max: number;
  readonly total: number;
  readonly avg: number;
  readonly p50: number;
  readonly p99: number;
}

/** What is shown of a lock, or of a function that takes it. */
export interface LockstatRow {
  readonly name: string;
  readonly acquisitions: number;
  readonly contentions: number;
  readonly acqBounces: number;
  readonly conBounces: number;
  readonly spins: number;
  readonly distance: number | null;
  readonly wait: TimeFigures | null;
  readonly hold: TimeFigures | null;
}

/** What is shown of a run's locks. */
export interface LockstatFigures {
  readonly unit: 'ns' | 'cycles';
  /** One acquisition in so many was looked at closely. */
  readonly sampling: number;
  readonly locks: readonly (LockstatRow & { readonly callers: readonly LockstatRow[] })[];
}

/** A row of a table, and by how much what was counted of it is to be multiplied. */
interface Line {
  readonly name: string;
  readonly row: LockstatRow;
  /** Of what is counted of every acquisition that is looked at: 1 for a lock, whose counts are complete. */
  readonly scale: number;
}

type Column = readonly [head: string, cell: (line: Line) => string];
interface Group {
  /** Before each head, unless the table is too wide: then above them. */
  readonly name: string;
  readonly columns: readonly Column[];
}

const NANOSECONDS_IN_UNIT = 1000;
const NONE = '-';
/** Before what was not counted, but estimated. */
const ABOUT = '~';

/**
 * Tables with the columns of Linux's /proc/lock_stat (Documentation/locking/lockstat.rst) and a few more: most contentions
 * first, as there; call sites under their lock, most acquisitions first. Times of a free run are in microseconds, as there.
 */
export function lockstatText(stat: LockstatFigures, { width }: Page): string {
  const taken = stat.locks.filter(({ acquisitions }) => acquisitions > 0);
  if (taken.length === 0) return 'lockstat: no lock was taken';
  const lines = taken
    .toSorted((a, b) => b.contentions - a.contentions || b.acquisitions - a.acquisitions)
    .flatMap(linesOf);
  const tables = groups(stat).map((group) => tableOf(group, lines, width));
  return [...tables, wrapped(legend(stat), Math.min(width, READABLE)).join('\n')].join('\n\n');
}

function linesOf(lock: LockstatFigures['locks'][number]): Line[] {
  const looked = lock.callers.reduce((sum, { acquisitions }) => sum + acquisitions, 0);
  const callers = lock.callers.map((row) => ({ name: `  ${row.name}`, row, scale: lock.acquisitions / looked }));
  return [{ name: lock.name, row: lock, scale: 1 }, ...callers];
}

function groups(stat: LockstatFigures): readonly Group[] {
  const count = (of: (row: LockstatRow) => number): Column[1] => {
    return ({ row, scale }) => estimate(of(row), scale);
  };
  const distance: Column[1] = ({ row }) => (row.distance === null ? NONE : row.distance.toFixed(1));
  const counts: readonly Column[] = [
    ['con-bounces', count((row) => row.conBounces)],
    ['contentions', count((row) => row.contentions)],
    ['acq-bounces', count((row) => row.acqBounces)],
    ['acquisitions', count((row) => row.acquisitions)],
    ['spins', count((row) => row.spins)],
    ['distance', distance],
  ];
  return [
    { name: '', columns: counts },
    {
      name: 'waittime',
      columns: times(
        stat,
        ({ wait }) => wait,
        ({ scale }) => scale,
      ),
    },
    {
      name: 'holdtime',
      columns: times(
        stat,
        ({ hold }) => hold,
        ({ row, scale }) => (scale * row.acquisitions) / (row.hold?.count ?? 1),
      ),
    },
  ];
}

/** @param scaleOf by how much a total of the times that were measured is to be multiplied */
function times(
  { unit }: LockstatFigures,
  of: (row: LockstatRow) => TimeFigures | null,
  scaleOf: (line: Line) => number,
): readonly Column[] {
  const shown = (value: number) => (unit === 'ns' ? micros(value / NANOSECONDS_IN_UNIT) : figure(value));
  const cell = (field: keyof TimeFigures): Column[1] => {
    return ({ row }) => {
      const time = of(row);
      return time === null ? NONE : shown(time[field]);
    };
  };
  const total: Column[1] = (line) => {
    const time = of(line.row);
    if (time === null) return NONE;
    const scale = scaleOf(line);
    return scale === 1 ? shown(time.total) : ABOUT + shown(time.total * scale);
  };
  return [
    ['min', cell('min')],
    ['max', cell('max')],
    ['total', total],
    ['avg', cell('avg')],
    ['p50', cell('p50')],
    ['p99', cell('p99')],
  ];
}

function estimate(count: number, scale: number): string {
  return scale === 1 ? figure(count) : ABOUT + figure(Math.round(count * scale));
}

/** As Linux prints them: with two decimals. */
function micros(value: number): string {
  return value.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

function tableOf({ name, columns }: Group, lines: readonly Line[], width: number): string {
  const rows = lines.map((line) => [line.name, ...columns.map(([, cell]) => cell(line))]);
  const heads = columns.map(([head]) => head);
  const whole = textTable(['class name', ...heads.map((head) => (name === '' ? head : `${name}-${head}`))], rows);
  const isNarrow = whole.split('\n').some((line) => line.length > width);
  return isNarrow && name !== '' ? textTable(['class name', ...heads], rows, 'right', ['', name]) : whole;
}

function legend({ unit, sampling, locks }: LockstatFigures): string {
  const isComplete = sampling === 1;
  const hasCallers = locks.some(({ callers }) => callers.length > 0);
  const looked = isComplete ? 'every acquisition' : `1 in ${figure(sampling)} acquisitions, chosen at random`;
  const sentences = [
    `Times in ${unit === 'ns' ? 'µs' : 'cycles of virtual time'}.`,
    'bounces: another hart had the lock last; distance: by how much the numbers of the two differ, on average.',
    'waittime: of every contention, from finding the lock taken until having it.',
    `holdtime: of ${looked}${isComplete ? '' : `; ${ABOUT}: the total of all, estimated from those`}.`,
    'p50 and p99 are up to 12.5 % too high.',
    ...(hasCallers && isComplete ? ['Under a lock: the functions that took it.'] : []),
    ...(hasCallers && !isComplete
      ? [`Under a lock: the functions that took it, by those 1 in ${figure(sampling)}; ${ABOUT}: estimated from them.`]
      : []),
  ];
  return sentences.join(' ');
}
