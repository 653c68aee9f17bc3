import { type Bug, breaks, bugs, type Found } from '../../bugs/index.ts';
import { isAwaited, type TestResult, type Verdict } from '../../litmus/output/index.ts';
import { brokenLines } from '../check/brokenLines.ts';
import { counterexampleLines } from '../check/counterexampleLines.ts';
import type { Colors } from '../show/colors.ts';
import { verdictText } from '../show/verdictText.ts';

const NAME_WIDTH = Math.max(...bugs.map(({ name }) => name.length));
const SCHEME_WIDTH = 'refcount'.length;
const FOUND_WIDTH = Math.max(...bugs.map(({ breaks }) => breaks.length)) + ' after 99,999 states'.length;
const WITHOUT_WIDTH = 'nothing in all 99,999 states'.length;

export function headingLine({ bold }: Colors): string {
  return bold(columns('bug', 'scheme', 'with it', 'without it'));
}

/** What looking for a bug gave, in one line: what it broke, and what was covered without it. */
export function searchLine(found: Found, result: TestResult, colors: Colors): string {
  const { bug, scheme, withBug, without } = found;
  const isUnfinished = withBug.verdict === 'incomplete';
  const unfound = isUnfinished ? 'not found yet' : 'not found';
  const broken = breaks(withBug, bug.breaks) ? bug.breaks : unfound;
  return [
    columns(
      bug.name,
      scheme,
      `${broken} after ${plural(withBug.stats.states, 'state')}`,
      withoutText(without).padEnd(WITHOUT_WIDTH),
    ),
    `${result.stats.seconds.toFixed(1)} s`.padStart('99.9 s'.length),
    result.verdict === 'ok' ? verdictText('ok', colors) : colors.red(result.verdict),
  ].join('  ');
}

function withoutText({ verdict, stats }: TestResult): string {
  const states = plural(stats.states, 'state');
  switch (verdict) {
    case 'ok':
      return `nothing in all ${states}`;
    case 'incomplete':
      return `nothing so far in ${states}`;
    case 'violated':
      return `broken after ${states}`;
    case 'error':
      return 'no test';
  }
}

/** The counterexample, indented; or what is not as expected, and its counterexample. A search that did not end has none. */
export function findingText({ bug }: Found, result: TestResult, colors: Colors): string {
  if (result.verdict === 'incomplete') return `    ${result.error ?? result.verdict}\n`;
  const lines = [
    ...(result.error === undefined ? [] : [result.error]),
    ...brokenLines(result, bug.program, colors),
    ...result.conditions.flatMap(({ kind, text, line, holds }) =>
      holds || isAwaited(kind) ? [] : [`line ${line}: ${kind} ${text} is not met`],
    ),
    '',
    ...counterexampleLines(result, colors),
    '',
  ];
  return lines.map((line) => (line === '' ? '\n' : `    ${line}\n`)).join('');
}

/** What a bug is. */
export function descriptionText(bug: Bug, { bold, dim }: Colors): string {
  const { name, sentence, schemes, breaks: broken, fix, overrides } = bug;
  return [
    `${bold(name)}  ${dim(`${schemes.join(', ')}: breaks ${broken}`)}`,
    `  ${sentence}`,
    ...(fix === null
      ? []
      : [`  ${dim(`fixed by “${fix.subject}”${fix.commit === null ? '' : ` ${fix.commit}`}`)}`]),
    `  ${dim(`bugs/${name}/kernel.ts changes ${Object.keys(overrides).join(', ')}`)}`,
  ]
    .map((line) => `${line}\n`)
    .join('');
}

export function totalLine(results: readonly TestResult[]): string {
  const count = (sought: Verdict): number => results.filter(({ verdict }) => verdict === sought).length;
  const [expected, incomplete] = [count('ok'), count('incomplete')];
  const failed = results.length - expected - incomplete;
  const rest = incomplete === 0 ? '' : `, ${incomplete} incomplete`;
  return `${plural(results.length, 'search', 'searches')}: ${expected} as expected, ${failed} not${rest}`;
}

function columns(name: string, scheme: string, withBug: string, without: string): string {
  return [name.padEnd(NAME_WIDTH), scheme.padEnd(SCHEME_WIDTH), withBug.padEnd(FOUND_WIDTH), without].join(
    '  ',
  );
}

function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}
