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
  return new Unpacker(packed).value({ course: undefined });
}

interface Column {
  readonly numbers: readonly number[];
  /** How many were given away. */
  taken: number;
}

/** Where values stand: at the top, under a key of one shape, or in lists that stand there. */
interface Place {
  readonly course: Course | undefined;
  kinds?: Column;
  numbers?: Column;
  strings?: Column;
  lengths?: Column;
  items?: Place;
}

class Unpacker {
  private readonly packed: Packed;
  private readonly shapes: readonly (readonly (readonly [key: string, place: Place])[])[];
  private begun = 0;
  private readonly reached: Record<Course, number> = { line: 0, offset: 0 };

  constructor(packed: Packed) {
    this.packed = packed;
    this.shapes = packed.shapes.map((keys) => keys.map((key) => [key, { course: courseOf(key) }]));
  }

  value(place: Place): Json {
    const kind = this.next(place, 'kinds');
    switch (kind) {
      case KINDS.null:
        return null;
      case KINDS.false:
      case KINDS.true:
        return kind === KINDS.true;
      case KINDS.number:
        return this.number(place);
      case KINDS.string:
        return this.packed.strings[this.next(place, 'strings')] ?? '';
      case KINDS.list: {
        const length = this.next(place, 'lengths');
        place.items ??= { course: place.course };
        const list: Json[] = [];
        while (list.length < length) list.push(this.value(place.items));
        return list;
      }
      default:
        return this.object(kind - SHAPES);
    }
  }

  private object(shape: number): Json {
    const keys = this.shapes[shape] ?? [];
    return Object.fromEntries(keys.map(([key, place]) => [key, this.value(place)]));
  }

  private number(place: Place): number {
    const number = this.next(place, 'numbers');
    if (place.course === undefined) return number;
    this.reached[place.course] += number;
    return this.reached[place.course];
  }

  private next(place: Place, what: 'kinds' | 'numbers' | 'strings' | 'lengths'): number {
    let column = place[what];
    if (column === undefined) {
      const text = this.packed.columns[this.begun++];
      column = { numbers: text === undefined ? [] : numbersOf(text), taken: 0 };
      place[what] = column;
    }
    const number = column.numbers[column.taken++];
    if (number === undefined) throw new Error(`a packed value ends too early, in column ${this.begun}`);
    return number;
  }
}

function numbersOf(column: string): readonly number[] {
  const [only = '', times] = column.split(TIMES);
  if (times !== undefined) return Array.from({ length: Number(times) }, () => Number(only));
  if (!column.startsWith(DIFFERENCES)) return column.split(' ').map(Number);
  let before = 0;
  return column
    .slice(DIFFERENCES.length)
    .split(' ')
    .map((difference) => {
      before += Number(difference);
      return before;
    });
}
