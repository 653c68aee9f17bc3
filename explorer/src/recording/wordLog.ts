/** One field of a struct, as a log numbers it. */
export interface LoggedField {
  readonly struct: string;
  readonly field: string;
}

/** A word was written: `before` and `after` are its values. */
export const WRITTEN = 0;
/** A word that was about to be forgotten had the value `before`. */
export const LOST = 1;
/** Objects from `index` up to but not including `before` of the field's struct became untouched again. */
export const FORGOTTEN = 2;

/** What happened to words, in order, in columns: a log of a million entries crosses to the page without being copied. */
export interface WordLog {
  readonly kinds: Uint8Array;
  /** Numbers of fields. */
  readonly fields: Uint16Array;
  readonly indices: Float64Array;
  readonly before: Float64Array;
  readonly after: Float64Array;
}

/** Writes a log. */
export class WordLogWriter {
  private readonly kinds: number[] = [];
  private readonly fields: number[] = [];
  private readonly indices: number[] = [];
  private readonly before: number[] = [];
  private readonly after: number[] = [];

  get length(): number {
    return this.kinds.length;
  }

  add(kind: number, field: number, index: number, before: number, after: number): void {
    this.kinds.push(kind);
    this.fields.push(field);
    this.indices.push(index);
    this.before.push(before);
    this.after.push(after);
  }

  finish(): WordLog {
    return {
      kinds: Uint8Array.from(this.kinds),
      fields: Uint16Array.from(this.fields),
      indices: Float64Array.from(this.indices),
      before: Float64Array.from(this.before),
      after: Float64Array.from(this.after),
    };
  }
}

/** The buffers of a log, to be handed over rather than copied. */
export function buffersOf({ kinds, fields, indices, before, after }: WordLog): ArrayBufferLike[] {
  return [kinds.buffer, fields.buffer, indices.buffer, before.buffer, after.buffer];
}
