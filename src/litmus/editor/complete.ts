import { DEVICE_KINDS } from '../operations/deviceKinds.ts';
import type { Operation } from '../operations/operation.ts';
import { signatureOf } from '../operations/signature.ts';
import { isOperationName, OPERATIONS, operationNamed } from '../operations/table.ts';
import { KIND_TEXTS } from '../resolve/kinds.ts';
import { wordsOf } from '../resolve/words.ts';
import { KEYWORDS, STATEMENT_KEYWORDS, TOP_LEVEL_KEYWORDS } from '../syntax/keywords.ts';
import { ERRNO_NUMBERS } from '../vocabulary/errnos.ts';
import { PROPERTIES } from '../vocabulary/properties.ts';
import { SIGNAL_NUMBERS } from '../vocabulary/signals.ts';
import { fieldsAt } from './fields.ts';
import { type Place, placeOf } from './place.ts';
import { type Surroundings, surroundingsOf } from './surroundings.ts';

export interface Completion {
  readonly label: string;
  readonly kind:
    | 'operation'
    | 'keyword'
    | 'argument'
    | 'register'
    | 'device'
    | 'process'
    | 'field'
    | 'constant'
    | 'property';
  /** One line about it. */
  readonly detail: string;
}

export interface Completions {
  /** Offset where the word begins that a completion replaces. */
  readonly from: number;
  /** What can stand there, those that begin with what is typed already. */
  readonly items: readonly Completion[];
}

const CONDITION_KEYWORDS: readonly string[] = ['always', 'finally', 'exists', 'never'];

/** What can be written at an offset of a test that may be half written. */
export function complete(source: string, offset: number): Completions {
  const place = placeOf(source, offset);
  if (place === null) {
    return { from: offset, items: [] };
  }
  const { prefix } = place;
  const items = candidates(place, surroundingsOf(source, offset)).filter((item) =>
    item.label.toLowerCase().startsWith(prefix.toLowerCase()),
  );
  return { from: offset - prefix.length, items };
}

function candidates(place: Place, around: Surroundings): readonly Completion[] {
  const { before, callee, inBody } = place;
  const last = before.at(-1);
  const previous = before.at(-2);
  if (last?.text === '.' && last.kind === 'symbol') {
    return fieldsAt(before, around).map(([label, detail]) => ({ label, kind: 'field', detail }));
  }
  if (last?.text === 'hazard' || (last?.text === ']' && before.at(-4)?.text === 'hazard')) {
    return described(PROPERTIES, 'property');
  }
  if (last?.text === '[' && previous !== undefined && isCheck(previous.text)) {
    return keywords(['devmap', 'refcount']);
  }
  if (callee !== null) {
    return [...argumentItems(place, callee), ...values(around)];
  }
  if (last?.text === '=' && last.kind === 'symbol') {
    return inBody ? operations() : keywords(Object.keys(DEVICE_KINDS));
  }
  if (last !== undefined && (isCheck(last.text) || isCheckTag(place) || isOperator(last.text))) {
    return [...values(around), ...keywords(['idle', 'true', 'false'])];
  }
  return inBody
    ? [...operations(), ...keywords(STATEMENT_KEYWORDS)]
    : keywords(['DAX', ...TOP_LEVEL_KEYWORDS]);
}

function isCheck(word: string): boolean {
  return word === 'assert' || word === 'hazard' || CONDITION_KEYWORDS.includes(word);
}

function isCheckTag({ before }: Place): boolean {
  return before.at(-1)?.text === ']' && isCheck(before.at(-4)?.text ?? '');
}

function isOperator(text: string): boolean {
  return /^(?:[-+*/%!<>([]|[=!<>]=|&&|\|\|)$/.test(text);
}

function operations(): readonly Completion[] {
  return OPERATIONS.map((operation) => ({
    label: operation.name,
    kind: 'operation',
    detail: `${signatureOf(operation)}: ${operation.doc}`,
  }));
}

function keywords(words: readonly string[]): readonly Completion[] {
  return words.map((label) => ({ label, kind: 'keyword', detail: KEYWORDS[label] ?? `the ${label} scheme` }));
}

function described(texts: Readonly<Record<string, string>>, kind: Completion['kind']): readonly Completion[] {
  return Object.entries(texts).map(([label, detail]) => ({ label, kind, detail }));
}

function argumentItems({ given }: Place, callee: string): readonly Completion[] {
  const operation = calleeNamed(callee);
  return (operation?.parameters ?? []).flatMap((parameter): readonly Completion[] => {
    const words = wordsOf(parameter);
    if (given.has(parameter.name) || words.some((word) => given.has(word))) {
      return [];
    }
    const labels = words.length > 0 ? words : [`${parameter.name}=`];
    return labels.map((label) => ({ label, kind: 'argument', detail: parameter.doc }));
  });
}

function calleeNamed(name: string): Operation | null {
  if (name === 'devdax' || name === 'fsdax') {
    return DEVICE_KINDS[name];
  }
  return isOperationName(name) ? operationNamed(name) : null;
}

function values({ devices, outline, process }: Surroundings): readonly Completion[] {
  const items = new Map<string, Completion>();
  for (const owner of process === null ? outline.processes : [process]) {
    for (const { name, kind } of owner.registers.values()) {
      items.set(name, { label: name, kind: 'register', detail: kind === null ? '' : KIND_TEXTS[kind].noun });
    }
  }
  for (const { name, kind, size } of devices) {
    items.set(name, { label: name, kind: 'device', detail: `${kind}, ${size} bytes` });
  }
  for (const { name } of outline.processes) {
    items.set(name, { label: name, kind: 'process', detail: 'a process' });
  }
  const constants = { ...ERRNO_NUMBERS, ...SIGNAL_NUMBERS };
  for (const [name, number] of Object.entries(constants)) {
    items.set(name, { label: name, kind: 'constant', detail: `number ${number}` });
  }
  return [...items.values()];
}
