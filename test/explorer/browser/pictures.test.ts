import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PageServer, servePage } from '../../../src/cli/explore/pageServer.ts';
import { BUILD_MILLISECONDS, builtPage } from './builtPage.ts';
import { chromiumPath, openPage, openTest, startChromium } from './chromium.ts';
import { type Drawing, expectPicture, otherDrawing } from './storedPicture.ts';

/** Shares of the pixels that may differ: of a view a letter or two, of the timeline the lengths of operations. */
const VIEW_TOLERANCE = 0.001;
const TIMELINE_TOLERANCE = 0.05;

/** What other kernels and other machines say otherwise, and what it is made to say. */
const CHANGING: Readonly<Record<string, string>> = {
  '.search output': 'all tests',
  '.subject h3 span': 'n',
  '.source': 'file.ts:1',
  '.coverage': 'Every interleaving was looked at.',
  '.nearest > p': 'No execution ends so.',
  '.controls .place': 'here',
};

/** Ways to a view, from the gallery. */
const VIEWS: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  gallery: (page) => page.locator('.entry').first().waitFor(),
  run,
  'error in the editor': async (page) => {
    await run(page);
    await page.locator('.cm-content').click();
    await page.keyboard.press('Control+Home');
    await page.keyboard.type('nonsense ');
    await page.locator('.problem').first().waitFor();
    await page.locator('.cm-lintRange-error').first().waitFor();
    await page.locator('.problem').first().scrollIntoViewIfNeeded();
  },
  check: async (page) => {
    await check(page, 'pin-outlives-munmap');
    await page.getByText('✓ holds').nth(1).waitFor();
    await page.getByLabel('condition on the end').fill('p == EFAULT && d[0].refcount == 2');
    await page.getByRole('button', { name: 'Why not?' }).click();
    await page.getByText('Show this execution').nth(1).waitFor();
    // A click scrolls its button into view, by as much as the page happens to need.
    await page.evaluate('scrollTo(0, 0)');
  },
  counterexample: async (page) => {
    await check(page, 'reference-dropped-before-flush');
    await page.getByRole('button', { name: 'Show the counterexample' }).first().click();
    await page.getByRole('heading', { name: 'Broken properties' }).waitFor();
  },
};

const SCREENS: Readonly<Record<string, BrowserContextOptions>> = {
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark' },
  phone: { colorScheme: 'light', viewport: { width: 390, height: 844 } },
};

async function run(page: Page): Promise<void> {
  await openTest(page, 'two-mappings-of-one-page');
  await page.locator('.cm-content').waitFor();
}

async function check(page: Page, name: string): Promise<void> {
  await openTest(page, name);
  await page.locator('.cm-content').waitFor();
  await page.getByRole('button', { name: 'Every run' }).click();
  await page.getByRole('button', { name: 'Check every interleaving' }).click();
}

async function picture(page: Page, part: 'screen' | '.timeline', style: string): Promise<Buffer> {
  await page.evaluate(`for (const [selector, text] of Object.entries(${JSON.stringify(CHANGING)})) {
    for (const element of document.querySelectorAll(selector)) element.textContent = text;
  }`);
  const shown = part === 'screen' ? page : page.locator(part);
  return shown.screenshot({ animations: 'disabled', caret: 'hide', style });
}

/** What nobody can read without scrolling sideways, except within tables. */
async function cutOff(page: Page): Promise<unknown> {
  return page.evaluate(`[...document.querySelectorAll('button, h1, h2, h3, input, .card, .token, .finding, .kept')]
    .filter((element) => element.closest('.unseen') === null)
    .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
    .map((element) => element.outerHTML.slice(0, 100))`);
}

describe.skipIf(chromiumPath === undefined)('the page as it looks, in Chromium', () => {
  let browser: Browser;
  let server: PageServer;
  /** Why there is nothing to compare with. */
  let obstacle: string | null;

  beforeAll(async () => {
    server = await servePage(builtPage(), 0);
    browser = await startChromium();
    const page = await browser.newPage();
    await page.goto(server.address);
    const widths = (await page.evaluate(`['--sans', '--mono'].map((font) => {
      const context = document.createElement('canvas').getContext('2d');
      context.font = '100px ' + getComputedStyle(document.documentElement).getPropertyValue(font);
      return Math.round(context.measureText('mapcount 0 → 1 · ✓ ✗ ▲ d[0].refcount').width);
    })`)) as Drawing['widths'];
    await page.close();
    obstacle = otherDrawing({ chromium: browser.version().split('.')[0] ?? '', widths });
  }, BUILD_MILLISECONDS);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  const cases = Object.keys(SCREENS).flatMap((screen) =>
    Object.keys(VIEWS).map((view) => [view, screen] as const),
  );

  it.for(cases)('is as it was, and nothing is cut off: %s, %s', async ([view, screen], { skip }) => {
    const problems: string[] = [];
    const page = await openPage(browser, server.address, problems, SCREENS[screen]);
    await VIEWS[view]?.(page);
    expect(await cutOff(page)).toEqual([]);
    if (obstacle !== null) skip(obstacle);
    const name = `${view.replaceAll(' ', '-')}-${screen}`;
    const seen = await picture(page, 'screen', '.lanes, .axis { visibility: hidden }');
    expectPicture(name, seen, VIEW_TOLERANCE);
    if (view === 'counterexample') {
      expectPicture(`${name}-timeline`, await picture(page, '.timeline', ''), TIMELINE_TOLERANCE);
    }
    await page.context().close();
    expect(problems).toEqual([]);
  });
});
