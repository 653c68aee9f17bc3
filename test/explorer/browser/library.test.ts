import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PageServer, servePage } from '../../../src/cli/explore/pageServer.ts';
import type { OutputDocument, TestResult } from '../../../src/litmus/output/index.ts';
import { BUILD_MILLISECONDS, builtPage } from './builtPage.ts';
import { chromiumPath, openPage, startChromium } from './chromium.ts';

/** Searches that are larger are left out: with them the whole library would take half an hour. */
const STATES = 1000;
const DOCUMENT_BYTES = 2 ** 28;

const root = fileURLToPath(new URL('../../..', import.meta.url));
const comlink = join(root, 'node_modules/comlink/dist/umd/comlink.min.js');
const files = readdirSync(join(root, 'litmus'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.name.endsWith('.litmus'))
  .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
  .sort();

/** What the command line says, by file; it works while the browser does. */
async function commandLine(...words: readonly string[]): Promise<ReadonlyMap<string, readonly TestResult[]>> {
  const program = [join(root, 'bin/daxlab.js'), ...words, '--json'];
  const options = { cwd: root, maxBuffer: DOCUMENT_BYTES };
  // A violated test makes the exit status 1, and the document is there all the same.
  const { stdout } = await promisify(execFile)(process.execPath, program, options).catch(
    (error: { readonly stdout: string }) => error,
  );
  const results = new Map<string, TestResult[]>();
  for (const result of (JSON.parse(stdout) as OutputDocument).results) {
    results.set(result.file, [...(results.get(result.file) ?? []), result]);
  }
  return results;
}

/** All of a result that does not depend on the machine that came to it. */
function lasting({ stats: { seconds: _, peakBytes: __, ...stats }, ...result }: TestResult): unknown {
  return { ...result, stats };
}

/** What a recording has of a result. */
interface Played {
  readonly verdict: string;
  readonly error: string | null;
  readonly replay: string;
  readonly isCut: boolean;
  readonly conditions: unknown;
  readonly findings: readonly unknown[];
  readonly steps: readonly unknown[];
}

/** Runs in the page, beside a worker of the page's own. */
const IN_PAGE = `{
  const noteless = ({ pages, ...step }) => step;
  const played = ({ verdict, error, replay, isCut, conditions, findings, operations }) => ({
    verdict, error, replay, isCut, conditions,
    findings: findings.map(({ property, message, page }) => ({ property, message, page })),
    steps: operations.filter(({ result }) => result !== null)
      .sort((one, other) => one.lastStep - other.lastStep).map(({ result }) => noteless(result)),
  });
  window.begin = (script) => { window.api = Comlink.wrap(new Worker(script, { type: 'module' })); };
  window.played = async (file, text) => {
    const answer = await api.run({ file, text, bug: null, schedules: {} });
    return 'error' in answer ? answer : { devmap: played(answer.devmap), refcount: played(answer.refcount) };
  };
  window.checked = async (file, text, scheme) => {
    const request = { file, text, bug: null, maximumBytes: 2 ** 40 };
    return (await api.check(request, scheme, Comlink.proxy(() => {}))).result;
  };
}`;

describe.skipIf(chromiumPath === undefined)(
  'what the page’s worker says in Chromium is what the command line says',
  () => {
    let browser: Browser;
    let server: PageServer;
    let page: Page;
    const problems: string[] = [];
    let runs: Promise<ReadonlyMap<string, readonly TestResult[]>>;
    let checks: Promise<ReadonlyMap<string, readonly TestResult[]>>;

    beforeAll(async () => {
      const folder = builtPage();
      runs = commandLine('run', 'litmus');
      checks = runs.then(() => commandLine('check', 'litmus', '--all-outcomes', '--max-states', `${STATES}`));
      // Tests that wait for them fail; that nobody waits yet is no error.
      for (const told of [runs, checks]) told.catch(() => {});
      server = await servePage(folder, 0);
      browser = await startChromium();
      page = await openPage(browser, server.address, problems);
      await page.addScriptTag({ path: comlink });
      await page.evaluate(IN_PAGE);
      const script = readdirSync(join(folder, 'assets')).find((name) => /^worker-.*\.js$/.test(name));
      await page.evaluate(`begin(${JSON.stringify(`assets/${script}`)})`);
    }, BUILD_MILLISECONDS);
    afterAll(async () => {
      await browser?.close();
      await server?.close();
      expect(problems).toEqual([]);
    });

    /** Calls one of the functions of `IN_PAGE`. */
    async function inPage(name: string, ...values: readonly string[]): Promise<unknown> {
      return page.evaluate(`${name}(${values.map((value) => JSON.stringify(value)).join(', ')})`);
    }

    it.each(files)('one run of %s', async (file) => {
      const text = readFileSync(join(root, file), 'utf8');
      const seen = (await inPage('played', file, text)) as Record<string, Played>;
      const told = (await runs).get(file) ?? [];
      expect(told.map(({ scheme }) => scheme)).toEqual(['devmap', 'refcount']);
      for (const { scheme, verdict, error = null, replay = '', conditions, violations, steps } of told) {
        const { isCut, steps: shown, findings, ...rest } = seen[scheme] as Played;
        expect(rest, scheme).toEqual({ verdict, error, replay, conditions });
        expect(shown, scheme).toEqual(
          steps.slice(0, isCut ? shown.length : undefined).map(({ pages: _, ...step }) => step),
        );
        if (isCut) expect(shown.length).toBeGreaterThan(0);
        else {
          expect(findings, scheme).toEqual(
            violations.map(({ property, message, page: name }) => ({ property, message, page: name })),
          );
        }
      }
    });

    it.for(files)('every run of %s', async (file, { skip }) => {
      const told = ((await checks).get(file) ?? []).filter(({ stats }) => stats.complete);
      if (told.length === 0) skip(`it has more than ${STATES} states`);
      const text = readFileSync(join(root, file), 'utf8');
      for (const result of told) {
        const seen = (await inPage('checked', file, text, result.scheme)) as TestResult;
        expect(lasting(seen), result.scheme).toEqual(lasting(result));
      }
    });
  },
);
