/**
 * A JSON value as columns. The numbers that stand in one place of all objects of one shape lie beside each other, where
 * they are small and alike: it compresses to half of what the value itself does.
 */
export interface Packed {
  /** Keys of the objects that there are, in order. */
  readonly shapes: readonly (readonly string[])[];
  readonly strings: readonly string[];
  /** In the order in which a walk through the value first meets them; each as `columnText` writes it. */
  readonly columns: readonly string[];
}

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What a value is, as its place's column of kinds says; from `SHAPES` on it is an object of that shape. */
export const KINDS = { null: 0, false: 1, true: 2, number: 3, string: 4, list: 5 } as const;
export const SHAPES = 6;

/** Place of a key's values in objects of one shape. */
export function placeOf(shape: number, key: string): string {
  return `${shape}.${key}`;
}

/** Numbers that go on from each other, whatever objects they stand in. */
export type Course = 'line' | 'offset';

const COURSES: Readonly<Record<string, Course>> = {
  line: 'line',
  start: 'offset',
  callee: 'offset',
  open: 'offset',
  arguments: 'offset',
  end: 'offset',
  at: 'offset',
};

/** The course that the numbers under a key belong to: each is written as its distance from the one before. */
export function courseOf(key: string): Course | undefined {
  return Object.hasOwn(COURSES, key) ? COURSES[key] : undefined;
}

/** Marks a column of differences: each number from the one before. */
export const DIFFERENCES = '~';
/** Between a number and how often it stands there, in a column that has no other. */
export const TIMES = '*';

/** The value that was packed. */
export function unpack(packed: Packed): Json {
  return new Unpacker(packed).value('');
}

class Unpacker {
  private readonly packed: Packed;
  private readonly columns = new Map<string, Iterator<number>>();
  private readonly reached: Record<Course, number> = { line: 0, offset: 0 };

  constructor(packed: Packed) {
    this.packed = packed;
  }

  value(place: string, course?: Course): Json {
    const kind = this.next(place);
    switch (kind) {
      case KINDS.null:
        return null;
      case KINDS.false:
      case KINDS.true:
        return kind === KINDS.true;
      case KINDS.number:
        return this.number(place, course);
      case KINDS.string:
        return this.packed.strings[this.next(`${place}:string`)] ?? '';
      case KINDS.list:
        return Array.from({ length: this.next(`${place}:list`) }, () => this.value(`${place}[]`, course));
      default: {
        const shape = kind - SHAPES;
        const keys = this.packed.shapes[shape] ?? [];
        return Object.fromEntries(keys.map((key) => [key, this.value(placeOf(shape, key), courseOf(key))]));
      }
    }
  }

  private number(place: string, course: Course | undefined): number {
    const number = this.next(`${place}:number`);
    if (course === undefined) return number;
    this.reached[course] += number;
    return this.reached[course];
  }

  private next(place: string): number {
    const column = this.columns.get(place) ?? this.begin(place);
    const { value, done } = column.next();
    if (done === true) throw new Error(`a packed value ends too early at '${place}'`);
    return value;
  }

  private begin(place: string): Iterator<number> {
    const text = this.packed.columns[this.columns.size];
    const column = text === undefined ? [].values() : numbersOf(text);
    this.columns.set(place, column);
    return column;
  }
}

function* numbersOf(column: string): Generator<number> {
  const [only = '', times] = column.split(TIMES);
  if (times !== undefined) {
    for (let left = Number(times); left > 0; left--) yield Number(only);
    return;
  }
  const areDifferences = column.startsWith(DIFFERENCES);
  let before = 0;
  for (const text of (areDifferences ? column.slice(1) : column).split(' ')) {
    const number = Number(text);
    before = areDifferences ? before + number : number;
    yield before;
  }
}
