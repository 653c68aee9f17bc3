import type { RecordedPage, RecordedStep } from './recording.ts';
import type { ResultRule } from './scenario.ts';

/** What an operation of the model answered. */
export interface ModelResult {
  readonly result: number | null;
  readonly errno: string | null;
  readonly signal: string | null;
  /** The byte that a store writes, which the recording has as its result; else null. */
  readonly stored: number | null;
}

/** A value of the recording beside the model's. */
export interface Comparison {
  /** `result`, `pages[0].refcount`, `ptes[m+0x0].dirty`, `vmas[m+0x0].Rss`, `filePages`. */
  readonly field: string;
  readonly recorded: unknown;
  readonly model: unknown;
}

/** A recorded step and the same of the model, flattened to fields of the same names. */
export type Fields = ReadonlyMap<string, unknown>;

/** The state that a recorded step has, without its result. */
export type RecordedState = Pick<RecordedStep, 'pages' | 'ptes' | 'vmas' | 'filePages'>;

/** Flattens the state of a step: one entry a value. */
export function fieldsOf(state: RecordedState): Fields {
  const fields = new Map<string, unknown>();
  const add = (prefix: string, values: object, skip: readonly string[]): void => {
    for (const [name, value] of Object.entries(values)) {
      if (!skip.includes(name)) fields.set(`${prefix}.${name}`, value);
    }
  };
  for (const page of state.pages)
    add(`pages[${page.file ?? ''}${page.index}]`, page, ['index', 'file', 'devIndex']);
  for (const entry of state.ptes ?? [])
    add(`ptes[${entry.view}+${entry.va_offset}]`, entry, ['view', 'va_offset']);
  for (const vma of state.vmas ?? []) add(`vmas[${vma.view}+${vma.start_off}]`, vma, ['view', 'start_off']);
  if (state.filePages !== undefined) fields.set('filePages', state.filePages);
  return fields;
}

/** Holds every recorded field against the model's; a field that only the model has counts as a difference too. */
export function compareStates(recorded: Fields, model: Fields): readonly Comparison[] {
  const comparisons: Comparison[] = [];
  for (const [field, value] of recorded) {
    comparisons.push({ field, recorded: value, model: model.get(field) });
  }
  for (const [field, value] of model) {
    if (!recorded.has(field)) comparisons.push({ field, recorded: undefined, model: value });
  }
  return comparisons;
}

/** Holds a recorded result against the model's; empty when the recorded one means nothing. */
export function compareResults(
  step: RecordedStep,
  rule: ResultRule,
  model: ModelResult,
  register: (name: string) => number,
): readonly Comparison[] {
  if (rule.kind === 'agent') return [];
  if (rule.kind === 'constant') return [{ field: 'result', recorded: step.result, model: rule.value }];
  const pair = (recorded: unknown, value: unknown): Comparison[] => [
    { field: 'result', recorded, model: value },
  ];
  if (
    step.signal !== undefined ||
    step.errno !== undefined ||
    model.signal !== null ||
    model.errno !== null
  ) {
    return [
      { field: 'signal', recorded: step.signal ?? null, model: model.signal },
      { field: 'errno', recorded: step.errno ?? null, model: model.errno },
    ];
  }
  switch (rule.kind) {
    case 'same':
      return pair(step.result, model.stored !== null && model.result === 0 ? model.stored : model.result);
    case 'pair':
      return [...pair(step.result, rule.recorded), ...pair(rule.model, model.result)];
    case 'register':
      return pair(step.result, register(rule.name));
    case 'leftover':
    case 'descriptor':
    case 'size':
    case 'background':
      return [];
  }
}

/**
 * Whether the file pointer of a recorded page says something: a page keeps it after its last mapping, so that
 * one that an earlier scenario mapped has it from the start.
 */
export function judgesMapping(page: RecordedPage, boot: 'shared' | 'own'): boolean {
  return page.mapping === 'null' || boot === 'own' || (page.mapcount ?? 0) > 0;
}
