import Table from 'cli-table3';
import type { Scheme } from '../../litmus/index.ts';
import { type Exceptions, isExcepted, staleExceptions } from './exceptions.ts';
import type { Goal } from './goals.ts';
import type { Measurement } from './measure.ts';

/** Goals met, of all. */
export interface Share {
  readonly met: number;
  readonly all: number;
}

/** What came of a library under one scheme. */
export interface SchemeReport {
  readonly scheme: Scheme;
  readonly functions: Share;
  readonly branches: Share;
  /** By file below the kernel's folder. */
  readonly files: readonly { readonly file: string; readonly functions: Share; readonly branches: Share }[];
  /** Neither entered nor excepted. */
  readonly missing: readonly NamedGoal[];
  readonly excepted: readonly (NamedGoal & { readonly reason: string })[];
  /** Exceptions that name what is entered, or what does not exist. */
  readonly stale: readonly string[];
}

export interface NamedGoal {
  readonly file: string;
  readonly line: number;
  readonly function: string;
  /** What is decided on; of a function that is not entered its name. */
  readonly text: string;
  readonly outcome: string;
}

/** Holds a measurement against the exceptions. */
export function reportOf(measured: Measurement, exceptions: Exceptions): SchemeReport {
  const { scheme, goals, unmet } = measured;
  const files = [...new Set(goals.map(({ point }) => point.file))].sort();
  const excepted = unmet.flatMap((goal) => {
    const exception = exceptions.find((each) => isExcepted([each], scheme, goal));
    return exception === undefined ? [] : [{ ...named(goal), reason: exception.reason }];
  });
  return {
    scheme,
    ...sharesOf(measured, goals),
    files: files.map((file) => ({
      file,
      ...sharesOf(
        measured,
        goals.filter(({ point }) => point.file === file),
      ),
    })),
    missing: unmet.filter((goal) => !isExcepted(exceptions, scheme, goal)).map(named),
    excepted,
    stale: staleExceptions(exceptions, scheme, unmet),
  };
}

function sharesOf(measured: Measurement, goals: readonly Goal[]): { functions: Share; branches: Share } {
  const share = (some: readonly Goal[]): Share => ({
    met: some.filter((goal) => measured.isMet(goal)).length,
    all: some.length,
  });
  return {
    functions: share(goals.filter(({ outcome }) => outcome === 'entered')),
    branches: share(goals.filter(({ outcome }) => outcome !== 'entered')),
  };
}

function named({ point, outcome }: Goal): NamedGoal {
  const { file, line, function: name, text } = point;
  return { file, line, function: name, text, outcome };
}

/** The reports for people: a table of files, what is missing, what is excepted, totals. */
export function reportText(reports: readonly SchemeReport[]): string {
  const table = new Table({
    head: ['file', ...reports.flatMap(({ scheme }) => [`${scheme} functions`, 'branches'])],
    style: { head: [], border: [], compact: true },
  });
  const files = [...new Set(reports.flatMap((report) => report.files.map(({ file }) => file)))].sort();
  for (const file of files) {
    const cells = reports.flatMap((report) => {
      const found = report.files.find((each) => each.file === file);
      return found === undefined ? ['', ''] : [shareText(found.functions), shareText(found.branches)];
    });
    table.push([file, ...cells]);
  }
  const lines = [table.toString(), ''];
  for (const { scheme, missing, excepted, stale } of reports) {
    for (const goal of missing) lines.push(`${scheme}: ${goalText(goal)}`);
    for (const goal of excepted) lines.push(`${scheme}, excepted: ${goalText(goal)} (${goal.reason})`);
    for (const name of stale) lines.push(`${scheme}: no exception any more: ${name}`);
  }
  for (const { scheme, functions, branches, missing, excepted, stale } of reports) {
    lines.push(
      `${scheme}: ${shareText(functions)} functions, ${shareText(branches)} branches entered; ` +
        `${excepted.length} excepted, ${missing.length} missing, ${stale.length} stale exceptions`,
    );
  }
  return `${lines.join('\n')}\n`;
}

function goalText({ file, line, function: name, text, outcome }: NamedGoal): string {
  const place = `src/kernel/${file}:${line} ${name}`;
  return outcome === 'entered' ? `${place} is never entered` : `${place}: ${text} is never ${outcome}`;
}

function shareText({ met, all }: Share): string {
  return `${met}/${all}`;
}
