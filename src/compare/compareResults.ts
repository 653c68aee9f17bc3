import type { PageCounts, Step, TestResult } from '../litmus/output/index.ts';
import { unlistedPages } from '../litmus/output/pages.ts';
import { deviceOf, namedFolios, namedResult } from './stepNames.ts';

/** One operation that came out differently. */
export interface StepDifference {
  /** Position among the steps, from 0. */
  readonly position: number;
  /** The step on either side; null where that side has no such step. */
  readonly left: Step | null;
  readonly right: Step | null;
  /** What differs: which operation was executed at all, its result, or the counts that it left. */
  readonly what: 'operation' | 'result' | 'pages';
}

/** A condition or a property that came out differently. */
export interface OutcomeDifference {
  readonly text: string;
  readonly left: boolean;
  readonly right: boolean;
}

/** Two results of one test held against each other. */
export interface Difference {
  readonly steps: readonly StepDifference[];
  /** Conditions that both sides have, met by one of them. */
  readonly conditions: readonly OutcomeDifference[];
  /** Violations of one side, as `property page`. */
  readonly violations: readonly OutcomeDifference[];
}

/** Where two results of the same test differ, whatever made them: two schemes, or model and kernel. */
export function compareResults(left: TestResult, right: TestResult): Difference {
  return {
    steps: compareSteps(left.steps, right.steps),
    conditions: compareConditions(left, right),
    violations: compareViolations(left, right),
  };
}

/** Whether the two sides are alike. */
export function isAlike({ steps, conditions, violations }: Difference): boolean {
  return steps.length === 0 && conditions.length === 0 && violations.length === 0;
}

function compareSteps(left: readonly Step[], right: readonly Step[]): StepDifference[] {
  const differences: StepDifference[] = [];
  const overlaps = (position: number): boolean =>
    left[position]?.overlaps === true || right[position]?.overlaps === true;
  let first = 0;
  for (let position = 0; position < Math.max(left.length, right.length); position++) {
    if (!overlaps(position)) first = position;
    const isOver = !overlaps(position) || !overlaps(position + 1);
    const ones = left.slice(first, position + 1);
    const others = right.slice(first, position + 1);
    const gone = [...ones, ...others].flatMap((step) => step.gone ?? []);
    const one = together(ones, gone);
    const other = together(others, gone);
    const what = one === null || other === null ? 'operation' : differenceOf(one, other);
    if (what !== null && (what !== 'pages' || isOver))
      differences.push({ position, left: one, right: other, what });
    if (isOver) first = position + 1;
  }
  return differences;
}

/**
 * The last of some steps that overlap, with what all of them changed: each folio as it was listed last. Whose struct pages
 * went meanwhile shows what it came to only to who looks in time.
 */
function together(steps: readonly Step[], gone: readonly string[]): Step | null {
  const last = steps.at(-1) ?? null;
  if (last === null || steps.length === 1) return last;
  const all: Step['pages'] = Object.assign({}, ...steps.map((step) => step.pages));
  const seen = Object.entries(all).filter(([folio]) => !gone.includes(deviceOf(folio)));
  const backs = Object.assign({}, ...steps.map((step) => step.backs));
  return { ...last, pages: Object.fromEntries(seen), backs };
}

/** What differs between two steps; null for nothing. */
export function differenceOf(left: Step, right: Step): StepDifference['what'] | null {
  if (left.process !== right.process || left.thread !== right.thread || left.text !== right.text) {
    return 'operation';
  }
  if (namedResult(left) !== namedResult(right) || left.skipped !== right.skipped) return 'result';
  return arePagesAlike(left, right) ? null : 'pages';
}

function arePagesAlike(left: Step, right: Step): boolean {
  const ones = namedFolios(left);
  const others = namedFolios(right);
  return (
    ones.length === others.length &&
    unlistedPages(left.pages) === unlistedPages(right.pages) &&
    ones.every(([name, counts], position) => {
      const [otherName, otherCounts] = others[position] ?? [];
      return name === otherName && areCountsAlike(counts, otherCounts);
    })
  );
}

function areCountsAlike(left: PageCounts, right: PageCounts | undefined): boolean {
  return (
    left.refcount === right?.refcount &&
    left.mapcount === right.mapcount &&
    left.pincount === right.pincount &&
    left.order === right.order
  );
}

function compareConditions(left: TestResult, right: TestResult): OutcomeDifference[] {
  const differences: OutcomeDifference[] = [];
  for (const { kind, text, line, holds } of left.conditions) {
    const other = right.conditions.find(
      (condition) => condition.kind === kind && condition.text === text && condition.line === line,
    );
    if (other !== undefined && other.holds !== holds) {
      differences.push({ text: `${kind} ${text}`, left: holds, right: other.holds });
    }
  }
  return differences;
}

function compareViolations(left: TestResult, right: TestResult): OutcomeDifference[] {
  const ones = violationsOf(left);
  const others = violationsOf(right);
  return [...new Set([...ones, ...others])]
    .filter((text) => ones.has(text) !== others.has(text))
    .map((text) => ({ text, left: ones.has(text), right: others.has(text) }));
}

function violationsOf({ violations }: TestResult): Set<string> {
  return new Set(violations.map(({ property, page }) => (page === null ? property : `${property} ${page}`)));
}
