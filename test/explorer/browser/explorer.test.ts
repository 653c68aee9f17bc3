import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type PageServer, servePage } from '../../../src/cli/explore/pageServer.ts';
import { builtPage } from './builtPage.ts';
import { chromiumPath, openPage, startChromium } from './chromium.ts';

const TEST = 'two-mappings-of-one-page';

describe.skipIf(chromiumPath === undefined)('the explorer in Chromium (skipped where there is none)', () => {
  let browser: Browser;
  let server: PageServer;
  let page: Page;
  let problems: string[] = [];

  beforeAll(async () => {
    server = await servePage(builtPage(), 0);
    browser = await startChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });
  beforeEach(async () => {
    problems = [];
    page = await openPage(browser, server.address, problems);
  });
  afterEach(async () => {
    await page.close();
    expect(problems).toEqual([]);
  });

  async function openTest(name: string): Promise<void> {
    await page.getByLabel('Search').fill(name);
    await page.getByRole('button', { name }).first().click();
    await page.locator('.card').first().waitFor();
  }

  async function refcounts(): Promise<string[]> {
    const texts = [];
    for (const scheme of ['devmap', 'refcount']) {
      const card = page.getByLabel(`d[0] under ${scheme}`);
      texts.push((await card.getAttribute('data-refcount')) ?? '');
    }
    return texts;
  }

  it('shows the counts of both schemes change as one steps', async () => {
    await openTest(TEST);
    await page.keyboard.press('Home');
    expect(await refcounts()).toEqual(['1', '1']);
    const seen = [];
    for (let operation = 0; operation < 7; operation++) {
      await page.keyboard.press('Shift+ArrowRight');
      seen.push(await refcounts());
    }
    expect(seen).toEqual([
      ['1', '1'],
      ['1', '1'],
      ['1', '2'],
      ['1', '3'],
      ['1', '2'],
      ['1', '2'],
      ['1', '1'],
    ]);
    await page.keyboard.press('Shift+ArrowLeft');
    expect(await refcounts()).toEqual(['1', '2']);
  });
});
