import { dev_pagemap } from '../../../src/kernel/state/dax.ts';
import { page } from '../../../src/kernel/state/page.ts';
import type { Program } from '../../../src/litmus/index.ts';
import { declaredStructs, type Field, structOfSchema } from '../../../src/machine/field.ts';
import { SlabMemory } from '../../../src/machine/slabMemory.ts';
import { hasStructPage, placeInMemory } from '../../../src/run/boot/boot.ts';
import { Layout } from '../../../src/run/observe/layout.ts';
import type { Knowledge, RecordedStep, Recording } from './recording.ts';
import { FORGOTTEN, type WordLog, WRITTEN } from './wordLog.ts';

/** A logged field in this memory; undefined where this side of the page declares no such struct. */
interface BoundField {
  readonly field: Field;
  readonly struct: object;
}

/**
 * One machine that can be brought to the state behind any step of a recording, by applying what changed forward or
 * backward: nothing is executed again.
 */
export class Replica {
  readonly recording: Recording;
  readonly program: Program;
  readonly layout: Layout;
  readonly memory: SlabMemory;
  private readonly bound: readonly (BoundField | undefined)[];
  /** Entries of the log that are applied. */
  private applied = 0;
  private taken = 0;
  /** While entries are applied every object is there, since what was lost was not recorded. */
  private isMoving = false;

  constructor(program: Program, recording: Recording) {
    this.program = program;
    this.recording = recording;
    this.layout = new Layout(program);
    this.memory = new SlabMemory();
    this.placeDevices();
    const structs = new Map(declaredStructs().map((schema) => [schema.name, structOfSchema(schema)]));
    this.bound = recording.fields.map(({ struct, field }) => {
      const object = structs.get(struct);
      const found = object === undefined ? undefined : this.memory.named(struct)[field];
      return object === undefined || found === undefined ? undefined : { field: found, struct: object };
    });
    this.move(() => this.forward(recording.initial, 0, recording.initial.kinds.length));
  }

  /** Steps taken up to the state in the memory; 0 is the state before the first one. */
  get stepsTaken(): number {
    return this.taken;
  }

  /** The step that led here; undefined at the beginning. */
  get step(): RecordedStep | undefined {
    return this.recording.steps[this.taken - 1];
  }

  get knowledge(): Knowledge {
    return this.step?.knowledge ?? this.recording.beginning;
  }

  /** Brings the memory to the state behind `steps` steps. */
  seek(steps: number): void {
    const { recording } = this;
    const taken = Math.max(0, Math.min(steps, recording.steps.length));
    const end = recording.steps[taken - 1]?.end ?? 0;
    this.move(() => {
      if (end > this.applied) this.forward(recording.changes, this.applied, end);
      else this.backward(recording.changes, end, this.applied);
    });
    this.applied = end;
    this.taken = taken;
  }

  private placeDevices(): void {
    const { memory, layout } = this;
    placeInMemory(memory, layout, () => {});
    const { memmap } = memory.of(dev_pagemap);
    memory.guard(page, {
      refuses: (pfn) => {
        const isKnown = layout.extentOf(pfn) !== undefined || layout.isMemory(pfn);
        return !(isKnown && (this.isMoving || hasStructPage(layout, memmap, pfn)));
      },
      refused: () => {},
    });
  }

  private move(apply: () => void): void {
    this.isMoving = true;
    apply();
    this.isMoving = false;
  }

  private forward({ kinds, fields, indices, before, after }: WordLog, from: number, end: number): void {
    for (let at = from; at < end; at++) {
      const bound = this.bound[fields[at] ?? 0];
      if (bound === undefined) continue;
      const index = indices[at] ?? 0;
      if (kinds[at] === WRITTEN) bound.field.set(index, after[at] ?? 0);
      else if (kinds[at] === FORGOTTEN) this.memory.forget(bound.struct, index, before[at] ?? 0);
    }
  }

  private backward({ kinds, fields, indices, before }: WordLog, from: number, end: number): void {
    for (let at = end - 1; at >= from; at--) {
      if (kinds[at] !== FORGOTTEN) this.bound[fields[at] ?? 0]?.field.set(indices[at] ?? 0, before[at] ?? 0);
    }
  }
}
