import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { type PageServer, servePage } from '../../../src/cli/explore/pageServer.ts';
import { BUILD_MILLISECONDS, builtPage } from './builtPage.ts';
import { openPage, startChromium } from './chromium.ts';

/** What the tests of a `describe` have: the page anew for each of them. */
export interface OpenedPage {
  readonly browser: Browser;
  readonly server: PageServer;
  readonly page: Page;
  /** What goes wrong in the page fails its test. */
  problems: string[];
}

/** Has each test of the `describe` that calls it begin with the page open. */
export function openedPage(): OpenedPage {
  // Filled in before the first test looks at it.
  const opened = { problems: [] as string[] } as { -readonly [Name in keyof OpenedPage]: OpenedPage[Name] };
  beforeAll(async () => {
    opened.server = await servePage(builtPage(), 0);
    opened.browser = await startChromium();
  }, BUILD_MILLISECONDS);
  afterAll(async () => {
    await opened.browser?.close();
    await opened.server?.close();
  });
  beforeEach(async () => {
    opened.problems = [];
    opened.page = await openPage(opened.browser, opened.server.address, opened.problems);
  });
  afterEach(async () => {
    await opened.page.context().close();
    expect(opened.problems).toEqual([]);
  });
  return opened;
}
