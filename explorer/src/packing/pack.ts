import {
  type Course,
  courseOf,
  DIFFERENCES,
  type Json,
  KINDS,
  type Packed,
  SHAPES,
  TIMES,
} from './packed.ts';

/** Packs a value, for `unpack` to bring back. Numbers are finite; those of a course are integers of less than 2^52. */
export function pack(value: Json): Packed {
  const packer = new Packer();
  packer.add(value, '');
  return packer.finish();
}

class Packer {
  private readonly shapes = new Map<string, number>();
  private readonly strings = new Map<string, number>();
  private readonly columns = new Map<string, number[]>();
  private readonly reached: Record<Course, number> = { line: 0, offset: 0 };

  add(value: Json, place: string, course?: Course): void {
    if (typeof value === 'number') {
      this.put(place, KINDS.number);
      this.put(`${place}:number`, this.distance(value, course));
    } else if (typeof value === 'string') {
      this.put(place, KINDS.string);
      this.put(`${place}:string`, numberIn(this.strings, value));
    } else if (value === null || typeof value === 'boolean') {
      this.put(place, KINDS[`${value}`]);
    } else if (isList(value)) {
      this.put(place, KINDS.list);
      this.put(`${place}:list`, value.length);
      for (const item of value) this.add(item, `${place}[]`, course);
    } else {
      const shape = numberIn(this.shapes, JSON.stringify(Object.keys(value)));
      this.put(place, SHAPES + shape);
      for (const [key, item] of Object.entries(value)) this.add(item, `${shape}.${key}`, courseOf(key));
    }
  }

  finish(): Packed {
    return {
      shapes: [...this.shapes.keys()].map((keys) => JSON.parse(keys) as string[]),
      strings: [...this.strings.keys()],
      columns: [...this.columns.values()].map(columnText),
    };
  }

  private distance(number: number, course: Course | undefined): number {
    if (course === undefined) return number;
    const distance = number - this.reached[course];
    this.reached[course] = number;
    return distance;
  }

  private put(place: string, number: number): void {
    const column = this.columns.get(place);
    if (column === undefined) this.columns.set(place, [number]);
    else column.push(number);
  }
}

/** The shortest way to write numbers down: one number and how often, the numbers, or their differences. */
function columnText(numbers: readonly number[]): string {
  const [first] = numbers;
  if (numbers.every((number) => Object.is(number, first)))
    return `${textOf(first ?? 0)}${TIMES}${numbers.length}`;
  const plain = numbers.map(textOf).join(' ');
  if (!numbers.every(Number.isInteger) || Math.max(...numbers.map(Math.abs)) > Number.MAX_SAFE_INTEGER / 2)
    return plain;
  const differences = DIFFERENCES + numbers.map((number, at) => number - (numbers[at - 1] ?? 0)).join(' ');
  return differences.length < plain.length ? differences : plain;
}

function textOf(number: number): string {
  return Object.is(number, -0) ? '-0' : `${number}`;
}

function numberIn(known: Map<string, number>, key: string): number {
  const number = known.get(key) ?? known.size;
  known.set(key, number);
  return number;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
