import {
  declaredStructs,
  type Field,
  type StructSchema,
  schemaOfStruct,
  structOfSchema,
} from '../../../src/machine/field.ts';
import type { SlabMemory } from '../../../src/machine/slabMemory.ts';
import { FORGOTTEN, LOST, type LoggedField, type WordLog, WordLogWriter, WRITTEN } from './wordLog.ts';

/** A struct whose words are recorded. */
interface Recorded {
  readonly schema: StructSchema;
  readonly fields: readonly { readonly bound: Field; readonly number: number; readonly initial: number }[];
}

/** Writes down what happens to the words of a memory from now on. Words that only one thread sees are left out. */
export class WordRecorder {
  readonly fields: readonly LoggedField[];
  /** The words as they were when the recorder came. */
  readonly initial: WordLog;
  private readonly memory: SlabMemory;
  private readonly structs: readonly Recorded[];
  private readonly log = new WordLogWriter();

  /** `isThere`: whether what is written to an object stays; writes to memory that was taken away are lost. */
  constructor(memory: SlabMemory, isThere: (struct: string, index: number) => boolean) {
    this.memory = memory;
    const fields: LoggedField[] = [];
    this.structs = declaredStructs()
      .filter(({ options }) => options.private !== true)
      .map((schema) => ({
        schema,
        fields: Object.entries(schema.fields).map(([field, { initial = 0 }]) => {
          const bound = memory.named(schema.name)[field];
          if (bound === undefined) throw new Error(`the memory has no field ${schema.name}.${field}`);
          return { bound, number: fields.push({ struct: schema.name, field }) - 1, initial };
        }),
      }));
    this.fields = fields;
    this.initial = this.takeSnapshot();
    this.watch(isThere);
  }

  /** Entries so far. */
  get length(): number {
    return this.log.length;
  }

  finish(): WordLog {
    return this.log.finish();
  }

  private takeSnapshot(): WordLog {
    const snapshot = new WordLogWriter();
    for (const { schema, fields } of this.structs) {
      for (const index of this.touched(schema, 0, Number.MAX_SAFE_INTEGER)) {
        for (const { bound, number, initial } of fields) {
          const value = bound.get(index);
          if (value !== initial || schema.name === 'page')
            snapshot.add(WRITTEN, number, index, initial, value);
        }
      }
    }
    return snapshot.finish();
  }

  private watch(isThere: (struct: string, index: number) => boolean): void {
    const { memory, log } = this;
    for (const { schema, fields } of this.structs) {
      for (const { bound, number } of fields) {
        memory.watch(bound, (index, before, after) => {
          if (before !== after && isThere(schema.name, index)) log.add(WRITTEN, number, index, before, after);
        });
      }
    }
    this.watchForgetting();
  }

  /** A memory tells nobody what it forgets, so it is asked first. */
  private watchForgetting(): void {
    const { memory, log } = this;
    const forget = memory.forget.bind(memory);
    memory.forget = (struct, first, end) => {
      const schema = schemaOfStruct(struct);
      const recorded = this.structs.find((other) => other.schema === schema);
      if (recorded !== undefined) {
        for (const index of this.touched(recorded.schema, first, end)) {
          for (const { bound, number, initial } of recorded.fields) {
            const value = bound.get(index);
            if (value !== initial || recorded.schema.name === 'page') log.add(LOST, number, index, value, 0);
          }
        }
        log.add(FORGOTTEN, recorded.fields[0]?.number ?? 0, first, end, 0);
      }
      forget(struct, first, end);
    };
  }

  private touched(schema: StructSchema, first: number, end: number): number[] {
    return this.memory.touchedIn(structOfSchema(schema), first, end);
  }
}
