import type { PageCounts, Step, TestResult } from '../litmus/output/index.ts';
import { listedPages } from '../litmus/output/pages.ts';
import { compareResults, type StepDifference } from './compareResults.ts';

/** Where a model and a real kernel part ways for the first time. */
export interface KernelDifference {
  /** The step, from 0, and its statement; null where a condition came out differently though all steps were alike. */
  readonly step: number | null;
  readonly text: string;
  readonly line: number;
  /** What differs: `operation`, `result`, `d[0].refcount`, `assert`, … */
  readonly field: string;
  /** What either side has there; `-` where it has nothing. */
  readonly model: string;
  readonly kernel: string;
}

/**
 * The first difference between what the model and a real kernel say of one test; null where they agree. Of a kernel
 * that executed only the beginning (`incomplete`) that is compared. What only the model can see, its violations and
 * hazards, is left out.
 */
export function firstKernelDifference(model: TestResult, kernel: TestResult): KernelDifference | null {
  const difference = compareResults(model, kernel);
  const isCut = kernel.verdict === 'incomplete' || kernel.verdict === 'error';
  const step = difference.steps.find(({ right }) => right !== null || !isCut);
  if (step !== undefined) return stepDifference(step);
  const condition = difference.conditions.find(({ text }) => !text.startsWith('hazard '));
  if (condition === undefined || isCut) return null;
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

/** The first condition that a kernel breaks, which the model keeps in every execution; null for none. */
export function brokenCondition({ conditions }: TestResult): KernelDifference | null {
  const broken = conditions.find(({ kind, holds }) => !holds && kind !== 'exists' && kind !== 'hazard');
  if (broken === undefined) return null;
  const { text, line, kind: field } = broken;
  return { step: null, text, line, field, model: heldText(true), kernel: heldText(false) };
}

function stepDifference({ position, left, right, what }: StepDifference): KernelDifference {
  const shown = left ?? right;
  const place = { step: position, text: shown?.text ?? '', line: shown?.line ?? 1 };
  if (left === null || right === null || what === 'operation') {
    return { ...place, field: 'operation', model: operationText(left), kernel: operationText(right) };
  }
  if (what === 'result')
    return { ...place, field: 'result', model: resultText(left), kernel: resultText(right) };
  const ones = new Map(listedPages(left.pages));
  const others = new Map(listedPages(right.pages));
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
