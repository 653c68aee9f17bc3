import type { Parameter, ParameterType, RegisterKind } from './operation.ts';

/** Short constructors that the rows of the operation table are written with. */

function required(name: string, type: ParameterType, doc: string): Parameter {
  return { name, type, required: true, fallback: null, namedOnly: false, doc };
}

function optional(
  name: string,
  type: ParameterType,
  fallback: number | string | null,
  doc: string,
): Parameter {
  return { name, type, required: false, fallback, namedOnly: false, doc };
}

export const mapping: Parameter = required(
  'mapping',
  { kind: 'register', accepts: ['mapping'] },
  'the mapping, from mmap',
);

export const remoteMapping: Parameter = required(
  'mapping',
  { kind: 'register', accepts: ['mapping'], ofProcess: true },
  "that process's mapping",
);

export const device: Parameter = required('device', { kind: 'device' }, 'the device');

export const characterDevice: Parameter = required(
  'device',
  { kind: 'device', only: 'devdax' },
  'the devdax device',
);

export const fileSystemDevice: Parameter = required(
  'device',
  { kind: 'device', only: 'fsdax' },
  'the fsdax device',
);

export const processName: Parameter = required('process', { kind: 'process' }, 'the other process');

export const offset: Parameter = required('offset', { kind: 'number' }, 'first byte');

export const length: Parameter = required('length', { kind: 'number' }, 'bytes');

export const byteValue: Parameter = required(
  'byte',
  { kind: 'number', minimum: 0, maximum: 255 },
  'the byte, 0 to 255',
);

/** A range that covers the whole object unless it is given: offset from 0, length to the end. */
export const wholeRange: readonly Parameter[] = [
  optional('offset', { kind: 'number' }, 0, 'first byte'),
  optional('length', { kind: 'number' }, null, 'bytes; the rest when left out'),
];

export const access: Parameter = optional(
  'access',
  { kind: 'choice', words: ['read', 'write'] },
  'read',
  'what the pages are taken for',
);

/** A register of one of some kinds. */
export function register(name: string, accepts: readonly RegisterKind[], doc: string): Parameter {
  return required(name, { kind: 'register', accepts }, doc);
}

/** A register of one of some kinds that may be left out, and is only given by name. */
export function namedRegister(name: string, accepts: readonly RegisterKind[], doc: string): Parameter {
  return { ...optional(name, { kind: 'register', accepts }, null, doc), namedOnly: true };
}

/** A number that must be given. */
export function number(name: string, doc: string): Parameter {
  return required(name, { kind: 'number' }, doc);
}

/** A number that may be left out. */
export function optionalNumber(name: string, fallback: number | null, doc: string): Parameter {
  return optional(name, { kind: 'number' }, fallback, doc);
}

/** A number that may be left out, and is only given by name. */
export function namedNumber(name: string, doc: string): Parameter {
  return { ...optional(name, { kind: 'number' }, null, doc), namedOnly: true };
}

/** One of some words, required. */
export function word(name: string, words: readonly string[], doc: string): Parameter {
  return required(name, { kind: 'choice', words }, doc);
}

/** One of some words, the first unless another is given. */
export function optionalWord(name: string, words: readonly string[], doc: string): Parameter {
  return optional(name, { kind: 'choice', words }, words[0] ?? null, doc);
}

/** A word that is there or is not. */
export function flag(name: string, doc: string): Parameter {
  return optional(name, { kind: 'flag' }, null, doc);
}

/** A string, required. */
export function text(name: string, doc: string): Parameter {
  return required(name, { kind: 'text' }, doc);
}

export const mappable: Parameter = required(
  'target',
  { kind: 'mappable', accepts: ['file', 'descriptor'] },
  'a device, a file, or a second descriptor of a device',
);

export const barrierName: Parameter = required('name', { kind: 'barrier' }, "the barrier's name");
