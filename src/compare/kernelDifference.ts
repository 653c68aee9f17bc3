import type { ConditionResult, PageCounts, Step, TestResult, Violation } from '../litmus/output/index.ts';
import { compareResults, type OutcomeDifference, type StepDifference } from './compareResults.ts';
import { namedFolios } from './stepNames.ts';

/** Where a model and a real kernel part ways for the first time. */
export interface KernelDifference {
  /** The step, from 0, and its statement; null where a condition came out differently though all steps were alike. */
  readonly step: number | null;
  readonly text: string;
  /** Null where it is no statement's. */
  readonly line: number | null;
  /** What differs: `operation`, `result`, `d[0].refcount`, `assert`, … */
  readonly field: string;
  /** What either side has there; `-` where it has nothing. */
  readonly model: string;
  readonly kernel: string;
}

/**
 * The first difference between what the model and a real kernel say of one test; null where they agree. Of a kernel
 * that executed only the beginning (`incomplete`) that is compared, and what it broke there. What only the model can see, its violations and
 * hazards, is left out; a property that only the kernel breaks is a difference, unless the test declares it.
 */
export function firstKernelDifference(model: TestResult, kernel: TestResult): KernelDifference | null {
  const difference = compareResults(model, kernel);
  const isCut = !isWhole(kernel);
  const step = difference.steps.find(({ right }) => right !== null || !isCut);
  if (step !== undefined) return stepDifference(step);
  const condition = difference.conditions.find((each) => isDecided(each, isCut));
  if (condition === undefined) return brokenProperty(model, kernel);
  const [field = '', ...words] = condition.text.split(' ');
  const text = words.join(' ');
  const line = model.conditions.find((other) => other.text === text)?.line ?? 1;
  return {
    step: null,
    text,
    line,
    field,
    model: heldText(condition.left),
    kernel: heldText(condition.right),
  };
}

/** Whether an execution came to the end of its test. */
export function isWhole({ verdict }: TestResult): boolean {
  return verdict === 'ok' || verdict === 'violated';
}

/** Whether a condition that came out differently does so for good: of the beginning of a test, only what the kernel broke there. */
function isDecided({ text, left, right }: OutcomeDifference, isCut: boolean): boolean {
  if (text.startsWith('hazard ')) return false;
  return !isCut || (left && !right && /^(assert|always) /.test(text));
}

/** The conditions of a test, `finally d.pgmap == 0`, that the kernel's side could not judge though it came to its end. */
export function unjudgedConditions(model: TestResult, kernel: TestResult): string[] {
  if (!isWhole(kernel)) return [];
  const judged = new Set(kernel.conditions.map(placedText));
  return model.conditions.filter((condition) => !judged.has(placedText(condition))).map(placedText);
}

function placedText({ line, kind, text }: TestResult['conditions'][number]): string {
  return `line ${line}: ${kind} ${text}`;
}

/** The first condition that a kernel breaks, which the model keeps in every execution; null for none. */
export function brokenCondition(kernel: TestResult): KernelDifference | null {
  const [broken] = brokenConditions(kernel);
  if (broken === undefined) return null;
  const { text, line, kind: field } = broken;
  return { step: null, text, line, field, model: heldText(true), kernel: heldText(false) };
}

/** The conditions that make a result `violated`. */
export function brokenConditions({ conditions }: TestResult): ConditionResult[] {
  return conditions.filter(({ kind, holds }) => !holds && kind !== 'exists' && kind !== 'hazard');
}

/** The first property that a result breaks though the test does not declare it, in a line; null for none. */
export function undeclaredViolation(result: TestResult): string | null {
  const [violation] = undeclaredViolations(result);
  return violation === undefined ? null : violationText(violation);
}

/**
 * The first property that the kernel breaks and the model does not, unless the test declares it; null for none. What comes
 * of a kernel that did not survive is not judged: whatever it breaks then may come from that.
 */
export function brokenProperty(model: TestResult, kernel: TestResult): KernelDifference | null {
  const undeclared = undeclaredViolations(kernel);
  const hasFallen = kernel.verdict === 'error' || undeclared.length < kernel.violations.length;
  if (!isWhole(kernel) && hasFallen) return null;
  const known = new Set(model.violations.map(({ property }) => property));
  const violation = undeclared.find(({ property }) => !known.has(property));
  if (violation === undefined) return null;
  const { property, actors } = violation;
  return {
    step: null,
    text: actors[0] ?? 'the end of the test',
    line: null,
    field: property,
    model: heldText(true),
    kernel: violationText(violation),
  };
}

function undeclaredViolations({ violations, conditions }: TestResult): Violation[] {
  const declared = conditions.flatMap(({ kind, text }) =>
    kind === 'hazard' ? (text.split(' ')[0] ?? []) : [],
  );
  return violations.filter(({ property }) => !declared.includes(property));
}

function violationText({ property, page, message }: Violation): string {
  return `${[property, page].filter((part) => part !== null).join(' ')}: ${message}`;
}

function stepDifference({ position, left, right, what }: StepDifference): KernelDifference {
  const shown = left ?? right;
  const place = { step: position, text: shown?.text ?? '', line: shown?.line ?? 1 };
  if (left === null || right === null || what === 'operation') {
    return { ...place, field: 'operation', model: operationText(left), kernel: operationText(right) };
  }
  if (what === 'result')
    return { ...place, field: 'result', model: resultText(left), kernel: resultText(right) };
  const ones = new Map(namedFolios(left));
  const others = new Map(namedFolios(right));
  for (const folio of [...new Set([...ones.keys(), ...others.keys()])].sort()) {
    const [one, other] = [ones.get(folio), others.get(folio)];
    const field = FIELDS.find((name) => one?.[name] !== other?.[name]);
    if (field === undefined) continue;
    const isKnown = one !== undefined && other !== undefined;
    return {
      ...place,
      field: isKnown ? `${folio}.${field}` : folio,
      model: isKnown ? `${one[field]}` : countsText(one),
      kernel: isKnown ? `${other[field]}` : countsText(other),
    };
  }
  return { ...place, field: 'pages', model: 'more', kernel: 'more' };
}

const FIELDS: readonly (keyof PageCounts)[] = ['refcount', 'mapcount', 'pincount', 'order'];

function operationText(step: Step | null): string {
  return step === null ? '-' : `${step.process}.${step.thread}: ${step.text}`;
}

function resultText({ result, errno, signal, skipped }: Step): string {
  return skipped ? 'skipped' : (errno ?? signal ?? `${result ?? '-'}`);
}

function countsText(counts: PageCounts | undefined): string {
  if (counts === undefined) return 'unchanged';
  return FIELDS.map((field) => `${field} ${counts[field]}`).join(', ');
}

function heldText(holds: boolean): string {
  return holds ? 'holds' : 'broken';
}
