import { type Bug, bugNamed, bugs, findBug, isAsExpected, preemptions } from '../../bugs/index.ts';
import type { TestResult } from '../../litmus/output/index.ts';
import { type ExitStatus, INCOMPLETE, OK, VIOLATED } from '../exitStatus.ts';
import type { Host } from '../host.ts';
import { type Colors, colorsFor } from '../show/colors.ts';
import { UsageError } from '../usageError.ts';
import { packageVersion } from '../version.ts';
import { descriptionText, findingText, headingLine, searchLine, totalLine } from './bugText.ts';
import { searchResult } from './searchResult.ts';

/** Options of `daxlab bugs`, as commander hands them over. */
export interface BugsCommandOptions {
  readonly list?: true;
  readonly json?: true;
}

/** Looks for bugs with their change and without, or says what they are. */
export async function executeBugs(
  names: readonly string[],
  options: BugsCommandOptions,
  host: Host,
): Promise<ExitStatus> {
  const chosen = names.length === 0 ? bugs : names.map(bugOf);
  const colors = colorsFor(host);
  if (options.list === true) {
    host.out(options.json === true ? printed(catalogueOf(chosen)) : listOf(chosen, colors));
    return OK;
  }
  return await searchAll(chosen, {
    host,
    colors,
    asJson: options.json === true,
    isDetailed: names.length > 0,
  });
}

interface SearchOptions {
  readonly host: Host;
  readonly colors: Colors;
  readonly asJson: boolean;
  /** Whether the bugs were asked for by name. */
  readonly isDetailed: boolean;
}

async function searchAll(chosen: readonly Bug[], options: SearchOptions): Promise<ExitStatus> {
  const { host, colors, asJson, isDetailed } = options;
  const results: TestResult[] = [];
  if (!asJson) host.out(`${headingLine(colors)}\n`);
  for (const bug of chosen) {
    if (!asJson && isDetailed) host.out(descriptionText(bug, colors));
    for (const scheme of bug.schemes) {
      if (host.isInterrupted) return interrupted(results, searchesOf(chosen), options);
      const started = performance.now();
      const search = findBug(bug, scheme, preemptions);
      const seconds = (performance.now() - started) / 1000;
      results.push(searchResult(search, { seconds, peakBytes: process.resourceUsage().maxRSS * 1024 }));
      if (!asJson) host.out(`${searchLine(search, colors)}\n`);
      if (!asJson && (isDetailed || !isAsExpected(search))) host.out(findingText(search));
      await host.breathe();
    }
  }
  host.out(asJson ? printed(documentOf(results)) : `${totalLine(results)}\n`);
  return results.every(({ verdict }) => verdict === 'ok') ? OK : VIOLATED;
}

function interrupted(
  results: readonly TestResult[],
  planned: number,
  { host, asJson }: SearchOptions,
): ExitStatus {
  if (asJson) host.out(printed(documentOf(results)));
  host.err(`interrupted after ${results.length} of ${planned} searches\n`);
  return results.every(({ verdict }) => verdict === 'ok') ? INCOMPLETE : VIOLATED;
}

function searchesOf(chosen: readonly Bug[]): number {
  return chosen.flatMap(({ schemes }) => schemes).length;
}

function bugOf(name: string): Bug {
  const bug = bugNamed(name);
  if (bug === undefined) throw new UsageError(`no bug is called '${name}': daxlab bugs --list names them`);
  return bug;
}

function listOf(chosen: readonly Bug[], colors: Colors): string {
  return chosen.map((bug) => descriptionText(bug, colors)).join('');
}

function catalogueOf(chosen: readonly Bug[]): object {
  return {
    ...documentHead(),
    bugs: chosen.map(({ name, sentence, entry, fix, schemes, breaks, overrides, test }) => {
      return { name, sentence, entry, fix, schemes, breaks, overrides, test };
    }),
  };
}

function documentOf(results: readonly TestResult[]): object {
  return { ...documentHead(), results };
}

function documentHead(): object {
  return { tool: 'daxlab', version: packageVersion(), schemaVersion: 1, verb: 'bugs' };
}

function printed(document: object): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
