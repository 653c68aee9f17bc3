import { type Bug, bugs, isAsExpected, type Search } from '../../bugs/index.ts';
import type { TestResult } from '../../litmus/output/index.ts';
import type { Colors } from '../show/colors.ts';
import { complaint } from './searchResult.ts';

const NAME_WIDTH = Math.max(...bugs.map(({ name }) => name.length));
const SCHEME_WIDTH = 'refcount'.length;
const FOUND_WIDTH = Math.max(...bugs.map(({ breaks }) => breaks.length)) + ', 99 operations'.length;

export function headingLine({ bold }: Colors): string {
  return bold(columns('bug', 'scheme', 'with it', 'without it'));
}

/** What looking for a bug gave, in one line: what it broke, in how long a counterexample, after how many executions. */
export function searchLine(search: Search, { green, red }: Colors): string {
  const { bug, scheme, found, dirty, results } = search;
  const withBug =
    found === null ? 'not found' : `${bug.breaks}, ${plural(found.steps.length, 'operation')}`.trim();
  const without = dirty === null ? `nothing in ${plural(results.without, 'execution')}` : 'breaks something';
  const how = found?.replay === undefined ? '' : `  ${found.replay}`;
  const mark = isAsExpected(search) ? green('ok') : red('failed');
  return `${columns(bug.name, scheme, withBug, without.padEnd('nothing in 999 executions'.length))}  ${mark}${how}`;
}

/** What the counterexample shows, indented; or what is not as expected. */
export function findingText(search: Search): string {
  const { found, dirty } = search;
  const shown = dirty ?? found;
  const lines = isAsExpected(search) ? [] : [complaint(search)];
  for (const { property, message, page, actors } of shown?.violations ?? []) {
    lines.push(`${property}: ${page === null ? '' : `${page}: `}${message} (${actors.join('; ')})`);
  }
  for (const { kind, text, line, holds } of shown?.conditions ?? []) {
    if (!holds && kind !== 'exists') lines.push(`line ${line}: ${text}`);
  }
  return lines.map((line) => `    ${line}\n`).join('');
}

/** What a bug is. */
export function descriptionText(bug: Bug, { bold, dim }: Colors): string {
  const { name, sentence, schemes, breaks, fix, entry, overrides } = bug;
  const origin = [
    ...(entry === null ? [] : [`entry ${entry}`]),
    ...(fix === null ? [] : [`“${fix.subject}”${fix.commit === null ? '' : ` ${fix.commit}`}`]),
  ];
  return [
    `${bold(name)}  ${dim(`${schemes.join(', ')}: breaks ${breaks}`)}`,
    `  ${sentence}`,
    ...(origin.length === 0 ? [] : [`  ${dim(origin.join(': '))}`]),
    `  ${dim(`bugs/${name}/kernel.ts changes ${Object.keys(overrides).join(', ')}`)}`,
  ]
    .map((line) => `${line}\n`)
    .join('');
}

export function totalLine(results: readonly TestResult[]): string {
  const failed = results.filter(({ verdict }) => verdict !== 'ok').length;
  return `${plural(results.length, 'search', 'searches')}: ${results.length - failed} as expected, ${failed} not`;
}

function columns(name: string, scheme: string, withBug: string, without: string): string {
  return [name.padEnd(NAME_WIDTH), scheme.padEnd(SCHEME_WIDTH), withBug.padEnd(FOUND_WIDTH), without].join(
    '  ',
  );
}

function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
