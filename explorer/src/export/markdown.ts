import type { Scheme } from '../../../src/litmus/index.ts';
import type { ChangedValue, Step } from '../../../src/litmus/output/index.ts';
import type { RecordedOperation, Recording } from '../recording/recording.ts';
import { operationAt, type Timeline } from '../timeline/timeline.ts';

export interface MarkdownParts {
  readonly name: string;
  readonly description: string;
  readonly text: string;
  readonly timeline: Timeline;
  /** Operations up to this row are told. */
  readonly row: number;
  readonly link: string;
}

/** What happened up to a row, as text for a mailing list: each operation with what it changed under each scheme. */
export function markdown({ name, description, text, timeline, row, link }: MarkdownParts): string {
  const { devmap, refcount } = timeline;
  const seen = new Map<string, Partial<Record<Scheme, RecordedOperation>>>();
  for (let at = 1; at <= row; at++) {
    const operation = operationAt(timeline, at);
    if (operation === undefined) continue;
    const key = `${operation.thread}/${operation.ordinal}`;
    if (!seen.has(key)) seen.set(key, { devmap: find(devmap, key), refcount: find(refcount, key) } as never);
  }
  const lines = [...seen.values()].flatMap((pair) => operationLines(pair, refcount.threads));
  return [
    `**${name}** ${description}`,
    '',
    '```',
    text.trimEnd(),
    '```',
    '',
    '```',
    ...lines,
    '```',
    '',
    `devmap replay \`${devmap.replay}\`, refcount replay \`${refcount.replay}\``,
    '',
    link,
    '',
  ].join('\n');
}

function find({ operations }: Recording, key: string): RecordedOperation | undefined {
  return operations.find(({ thread, ordinal }) => `${thread}/${ordinal}` === key);
}

function operationLines(
  pair: Partial<Record<Scheme, RecordedOperation>>,
  threads: readonly string[],
): string[] {
  const { devmap, refcount } = pair;
  const operation = refcount ?? devmap;
  if (operation === undefined) return [];
  const results = [devmap, refcount].map((each) => (each === undefined ? '' : resultOf(each.result)));
  const [one = '', other = ''] = results;
  const result = one === other ? one : `${one} (devmap), ${other} (refcount)`;
  const head = `${threads[operation.thread] ?? ''}  ${operation.text}${result === '' ? '' : `  = ${result}`}`;
  return [head, ...changeLines('devmap  ', devmap), ...changeLines('refcount', refcount)];
}

function changeLines(label: string, operation: RecordedOperation | undefined): string[] {
  return Object.entries(operation?.changes ?? {}).map(
    ([word, [before, after]]) => `     ${label}  ${word} ${shown(before)} → ${shown(after)}`,
  );
}

function resultOf(step: Step | null): string {
  if (step === null) return '';
  return step.skipped ? 'skipped' : `${step.errno ?? step.signal ?? step.result ?? ''}`;
}

function shown(value: ChangedValue): string {
  return `${value}`;
}
