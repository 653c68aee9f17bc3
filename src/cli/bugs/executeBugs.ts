import { type Bug, BugSearch, bugNamed, bugs, type Found } from '../../bugs/index.ts';
import type { TestResult } from '../../litmus/output/index.ts';
import { suggest } from '../../litmus/source/nearestName.ts';
import { combined, type ExitStatus, OK } from '../exitStatus.ts';
import type { Host } from '../host.ts';
import { interruptedStatus } from '../interrupted.ts';
import { type Colors, colorsFor } from '../show/colors.ts';
import { documentHead } from '../show/document.ts';
import { type StatusLine, statusLine } from '../show/statusLine.ts';
import { statusOf } from '../statusOf.ts';
import { UsageError } from '../usageError.ts';
import { descriptionText, findingText, headingLine, searchLine, totalLine } from './bugText.ts';
import { searchResult } from './searchResult.ts';

/** Options of `daxlab bugs`, as commander hands them over. */
export interface BugsCommandOptions {
  readonly list?: true;
  /** False with `--no-reduction`. */
  readonly reduction?: boolean;
  readonly json?: true;
}

/** States between two looks at whether the user has asked to stop. */
const SLICE = 50;

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
    movers: options.reduction ?? true,
  });
}

interface SearchOptions {
  readonly host: Host;
  readonly colors: Colors;
  readonly asJson: boolean;
  /** Whether the bugs were asked for by name. */
  readonly isDetailed: boolean;
  /** As `CheckOptions.movers`. */
  readonly movers: boolean;
}

async function searchAll(chosen: readonly Bug[], options: SearchOptions): Promise<ExitStatus> {
  const { host, colors, asJson, isDetailed, movers } = options;
  const results: TestResult[] = [];
  const status = statusLine(host);
  if (!asJson && !isDetailed) host.out(`${headingLine(colors)}\n`);
  for (const bug of chosen) {
    if (host.isInterrupted) break;
    if (!asJson && isDetailed) host.out(`${descriptionText(bug, colors)}\n${headingLine(colors)}\n`);
    for (const scheme of bug.schemes) {
      if (host.isInterrupted) break;
      const started = performance.now();
      const found = await lookFor(new BugSearch(bug, scheme, { movers }), options, status);
      status.clear();
      const result = searchResult(found, (performance.now() - started) / 1000);
      results.push(result);
      if (asJson) continue;
      host.out(`${searchLine(found, result, colors)}\n`);
      if (isDetailed || result.verdict !== 'ok') host.out(findingText(found, result, colors));
    }
  }
  host.out(asJson ? printed(documentOf(results)) : `${totalLine(results)}\n`);
  const ended = results.filter(({ verdict }) => verdict !== 'incomplete').length;
  const interrupted = interruptedStatus(host, ended, searchesOf(chosen), 'searches');
  return combined([...results.map(statusOf), interrupted]);
}

/** Searches to the end, or until the user has asked to stop. */
async function lookFor(
  search: BugSearch,
  { host, asJson }: SearchOptions,
  status: StatusLine,
): Promise<Found> {
  while (!search.advance(SLICE)) {
    const { states } = search.coverage();
    if (!asJson) status.show(`${search.bug.name} ${search.scheme}: ${states.toLocaleString('en')} states`);
    await host.breathe();
    if (host.isInterrupted) search.stop();
  }
  return search.result();
}

function searchesOf(chosen: readonly Bug[]): number {
  return chosen.flatMap(({ schemes }) => schemes).length;
}

function bugOf(name: string): Bug {
  const bug = bugNamed(name);
  if (bug !== undefined) return bug;
  const names = bugs.map((known) => known.name);
  throw new UsageError(
    `no bug is called '${name}': ${suggest(name, names, 'daxlab bugs --list names them')}`,
  );
}

function listOf(chosen: readonly Bug[], colors: Colors): string {
  return chosen.map((bug) => descriptionText(bug, colors)).join('');
}

function catalogueOf(chosen: readonly Bug[]): object {
  return {
    ...documentHead('bugs'),
    bugs: chosen.map(({ name, sentence, fix, schemes, breaks, overrides, test }) => {
      return { name, sentence, fix, schemes, breaks, overrides, test };
    }),
  };
}

function documentOf(results: readonly TestResult[]): object {
  return { ...documentHead('bugs'), results };
}

function printed(document: object): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
