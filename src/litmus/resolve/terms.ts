import type { RegisterKind } from '../operations/operation.ts';
import type { ResolvedExpression, Term } from '../program/expression.ts';
import type { Device } from '../program/program.ts';
import type { Span } from '../source/span.ts';
import type { Accessor, Expression, PathExpression } from '../syntax/ast.ts';
import {
  DEVICE_FIELDS,
  type DeviceField,
  ENTRY_FIELDS,
  type EntryField,
  FILE_PAGE_FIELDS,
  type FilePageField,
  PAGE_FIELDS,
  type PageField,
  PGMAP_FIELDS,
  type PgmapField,
} from '../vocabulary/terms.ts';
import { deviceNamed } from './devices.ts';
import { KIND_TEXTS } from './kinds.ts';
import { constantNamed } from './names.ts';
import type { ProcessDraft } from './outline.ts';
import {
  type FoundRegister,
  findRegister,
  processNamed,
  registerIn,
  registerNames,
  type Scope,
} from './scope.ts';

/** Resolves the expression between `[` and `]`. */
export type IndexResolver = (index: Expression) => ResolvedExpression | null;

/** Resolves a name and what follows it; null after an error, which is then reported. */
export function resolvePath(
  path: PathExpression,
  scope: Scope,
  resolveIndex: IndexResolver,
): ResolvedExpression | null {
  const { root, accessors, span } = path;
  const device = deviceNamed(scope.devices, root.name);
  if (device !== null) {
    return resolveDeviceTerm(device, path, scope, resolveIndex);
  }
  const process = processNamed(scope.outline, root.name);
  if (process !== null) {
    return resolveOfProcess(process, path, scope, resolveIndex);
  }
  const found = findRegister(root.name, root.span, scope);
  if (found === 'reported') {
    return null;
  }
  if (found !== null) {
    return resolveRegisterTerm(found, root.name, accessors, span, scope, resolveIndex);
  }
  const constant = constantNamed(root.name);
  if (constant !== null && accessors.length === 0) {
    return { kind: 'number', value: constant, span };
  }
  return reportUnknown(path, scope);
}

function resolveOfProcess(
  process: ProcessDraft,
  path: PathExpression,
  scope: Scope,
  resolveIndex: IndexResolver,
): ResolvedExpression | null {
  const [first, ...rest] = path.accessors;
  if (first?.kind !== 'field') {
    const hint = `write ${process.name}.REGISTER for one of its registers`;
    return scope.report.error(path.span, `'${process.name}' is a process and has no value`, hint);
  }
  const found = registerIn(process, first.name);
  if (found === null) {
    const names = process.registers.keys();
    const hint = scope.report.suggest(first.name, names, `nothing in process ${process.name} sets it`);
    return scope.report.error(first.span, `process ${process.name} has no register '${first.name}'`, hint);
  }
  return resolveRegisterTerm(found, `${process.name}.${first.name}`, rest, path.span, scope, resolveIndex);
}

function resolveDeviceTerm(
  device: Device,
  path: PathExpression,
  scope: Scope,
  resolveIndex: IndexResolver,
): ResolvedExpression | null {
  const [first, second, third] = path.accessors;
  const { name } = device;
  const { report } = scope;
  if (first?.kind === 'index') {
    const field = fieldAt<PageField>(second, third, PAGE_FIELDS, `${name}[…]`, path.span, scope);
    const index = resolveIndex(first.index);
    if (field === null || index === null || !isPageOf(device, index, scope)) {
      return null;
    }
    return { kind: 'page', device: device.index, index, field, span: path.span };
  }
  if (first?.name === 'pgmap') {
    const field = fieldAt<PgmapField>(second, third, PGMAP_FIELDS, `${name}.pgmap`, path.span, scope);
    return field && { kind: 'pgmap', device: device.index, field, span: path.span };
  }
  if (first === undefined) {
    return report.error(
      path.span,
      `'${name}' is a device and has no value`,
      `write ${name}[0].refcount or ${name}.size`,
    );
  }
  if (Object.hasOwn(PAGE_FIELDS, first.name)) {
    return report.error(
      first.span,
      `'${name}' has no field '${first.name}'`,
      `write ${name}[0].${first.name}`,
    );
  }
  const fields: Readonly<Record<string, string>> = { ...DEVICE_FIELDS, pgmap: '' };
  const field = fieldAt<DeviceField>(first, second, fields, name, path.span, scope);
  return field && { kind: 'device', device: device.index, field, span: path.span };
}

/** A page that the device surely does not have is an error of the test. */
function isPageOf(device: Device, index: ResolvedExpression, scope: Scope): boolean {
  const pages = device.size / 4096;
  if (index.kind !== 'number' || (index.value >= 0 && index.value < pages)) {
    return true;
  }
  const hint = `it has ${pages} pages of 4K, counted from 0`;
  scope.report.error(index.span, `device '${device.name}' has no page ${index.value}`, hint);
  return false;
}

function resolveRegisterTerm(
  found: FoundRegister,
  written: string,
  accessors: readonly Accessor[],
  span: Span,
  scope: Scope,
  resolveIndex: IndexResolver,
): Term | null {
  const { reference, draft } = found;
  const [first, second, third, fourth] = accessors;
  if (first === undefined) {
    return { kind: 'register', register: reference, span };
  }
  if (draft.kind === null) {
    return null;
  }
  if (
    draft.kind === 'mapping' &&
    first.kind === 'field' &&
    first.name === 'pte' &&
    second?.kind === 'index'
  ) {
    const field = fieldAt<EntryField>(third, fourth, ENTRY_FIELDS, `${written}.pte[…]`, span, scope);
    const index = pageIndex(second.index, `mapping '${written}'`, scope, resolveIndex);
    return field && index && { kind: 'entry', mapping: reference, index, field, span };
  }
  if (draft.kind === 'file' && first.kind === 'index') {
    const field = fieldAt<FilePageField>(second, third, FILE_PAGE_FIELDS, `${written}[…]`, span, scope);
    const index = pageIndex(first.index, `file '${written}'`, scope, resolveIndex);
    return field && index && { kind: 'filePage', file: reference, index, field, span };
  }
  return scope.report.error(
    first.span,
    `${KIND_TEXTS[draft.kind].noun} has no '${first.kind === 'field' ? `.${first.name}` : '[…]'}'`,
    termHint(written, draft.kind, first),
  );
}

/** The index of a page; one below 0 is an error of the test. Pages beyond the end there may be some other time. */
function pageIndex(
  written: Expression,
  owner: string,
  scope: Scope,
  resolveIndex: IndexResolver,
): ResolvedExpression | null {
  const index = resolveIndex(written);
  if (index?.kind === 'number' && index.value < 0) {
    return scope.report.error(index.span, `${owner} has no page ${index.value}`, 'pages are counted from 0');
  }
  return index;
}

/** What reports call the entries of higher tables. */
const UPPER_LEVELS: readonly string[] = ['pmd', 'pud', 'p4d', 'pgd'];

/** What can be asked of a register of a kind, where `wrong` cannot. */
function termHint(written: string, kind: RegisterKind, wrong: Accessor): string {
  const name = wrong.kind === 'field' ? wrong.name : '';
  if (kind === 'mapping') {
    if (UPPER_LEVELS.includes(name)) {
      return `${written}.pte[i] is the entry of any level that maps page i, counted in 4K: ${written}.pte[0].level is 2 for a PMD, 3 for a PUD`;
    }
    return Object.hasOwn(ENTRY_FIELDS, name)
      ? `write ${written}.pte[0].${name}`
      : `a mapping is asked for its entries: ${termsOf(`${written}.pte[0]`, ENTRY_FIELDS)}`;
  }
  if (kind === 'file') {
    return Object.hasOwn(FILE_PAGE_FIELDS, name)
      ? `write ${written}[0].${name}`
      : `a file is asked for its pages, and not for its size: ${termsOf(`${written}[0]`, FILE_PAGE_FIELDS)}`;
  }
  return `write ${written} alone`;
}

/** `f[0].refcount, .mapcount or .order`. */
function termsOf(owner: string, fields: Readonly<Record<string, string>>): string {
  const names = Object.keys(fields).map((field) => `.${field}`);
  return `${owner}${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}

/** The field that ends a term, checked against those that there are. */
function fieldAt<Field extends string>(
  accessor: Accessor | undefined,
  surplus: Accessor | undefined,
  fields: Readonly<Record<string, string>>,
  written: string,
  span: Span,
  scope: Scope,
): Field | null {
  const known = Object.keys(fields).join(', ');
  if (accessor === undefined || accessor.kind === 'index') {
    return scope.report.error(
      accessor?.span ?? span,
      `'${written}' lacks a field`,
      `expected one of ${known}`,
    );
  }
  const isField = (name: string): name is Field => Object.hasOwn(fields, name);
  if (!isField(accessor.name)) {
    const hint = scope.report.suggest(accessor.name, Object.keys(fields), `expected one of ${known}`);
    return scope.report.error(accessor.span, `'${written}' has no field '${accessor.name}'`, hint);
  }
  if (surplus !== undefined) {
    return scope.report.error(
      surplus.span,
      `'${written}.${accessor.name}' is a number`,
      'end the term there',
    );
  }
  return accessor.name;
}

function reportUnknown(path: PathExpression, scope: Scope): null {
  const { root, accessors } = path;
  const { report } = scope;
  const thread = scope.outline.threads.find((candidate) => !candidate.main && candidate.name === root.name);
  const [first] = accessors;
  if (thread !== undefined && first?.kind === 'field') {
    const hint = `registers belong to the process: write ${thread.process.name}.${first.name}`;
    return report.error(root.span, `'${root.name}' is a thread`, hint);
  }
  const candidates = [...registerNames(scope), ...scope.devices.map((device) => device.name)];
  if (first !== undefined) {
    const all = [...candidates, ...scope.outline.processes.map((process) => process.name)];

    const hint = report.suggest(root.name, all, 'declare the device, or set the register by an operation');
    return report.error(root.span, `nothing is called '${root.name}'`, hint);
  }
  const isErrnoLike = /^(E|SIG)[A-Z0-9]+$/.test(root.name);
  const message = isErrnoLike ? `unknown errno or signal '${root.name}'` : `unknown register '${root.name}'`;
  const otherwise = isErrnoLike ? 'expected a Linux name such as EFAULT or SIGBUS' : 'no operation sets it';
  return report.error(root.span, message, report.suggest(root.name, candidates, otherwise));
}
