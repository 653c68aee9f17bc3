import type { Scheme } from '../../../src/litmus/index.ts';
import type { Outcome, TestResult } from '../../../src/litmus/output/index.ts';

/** One end that executions have, and a schedule that leads there under each scheme that has it. */
export interface OutcomeRow {
  readonly registers: Outcome['registers'];
  readonly witnesses: { readonly [Name in Scheme]?: string };
  /** Counts of pages at the end, as text, under each scheme that has it. */
  readonly pages: { readonly [Name in Scheme]?: string };
}

/** The ends of both schemes by what user space can tell: those that only one of them has come first. */
export function outcomeTable(results: readonly TestResult[]): OutcomeRow[] {
  const rows = new Map<string, OutcomeRow>();
  for (const { scheme, outcomes = [] } of results) {
    for (const { registers, pages, replay } of outcomes) {
      const key = JSON.stringify(registers);
      const known = rows.get(key) ?? { registers, witnesses: {}, pages: {} };
      if (known.witnesses[scheme] !== undefined) continue;
      rows.set(key, {
        registers,
        witnesses: { ...known.witnesses, [scheme]: replay },
        pages: { ...known.pages, [scheme]: pagesText(pages) },
      });
    }
  }
  const isCommon = ({ witnesses }: OutcomeRow): boolean => Object.keys(witnesses).length === results.length;
  const all = [...rows.values()];
  return [...all.filter((row) => !isCommon(row)), ...all.filter(isCommon)];
}

function pagesText(pages: Outcome['pages']): string {
  return Object.entries(pages)
    .map(([name, counts]) =>
      typeof counts === 'number' ? `${counts} more` : `${name} refcount ${counts.refcount}`,
    )
    .join(', ');
}
