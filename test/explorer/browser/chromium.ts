import { existsSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

/** Busy machines are slow. */
const PATIENCE_MILLISECONDS = 90_000;

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Chromium on this machine; undefined where there is none. */
export const chromiumPath: string | undefined = [process.env.DAXLAB_CHROMIUM ?? '', ...PLACES].find(
  (path) => path !== '' && existsSync(path),
);

/** What makes letters and colours come out the same on all machines that have the fonts. */
const SAME_PIXELS = ['--force-color-profile=srgb', '--font-render-hinting=none', '--disable-lcd-text'];

/** Starts Chromium; without a sandbox, which root does not get. */
export function startChromium(): Promise<Browser> {
  if (chromiumPath === undefined) throw new Error('there is no Chromium here');
  const args = [
    '--no-sandbox',
    '--disable-gpu',
    '--no-first-run',
    '--disable-background-networking',
    ...SAME_PIXELS,
  ];
  return chromium.launch({ executablePath: chromiumPath, args });
}

/** A page that fails the test when anything goes wrong in it. */
export async function openPage(
  browser: Browser,
  address: string,
  problems: string[],
  options: BrowserContextOptions = {},
): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  context.setDefaultTimeout(PATIENCE_MILLISECONDS);
  const page = await context.newPage();
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
  });
  await page.goto(address);
  return page;
}

/** Opens a shipped test by its name, from the gallery. */
export async function openTest(page: Page, name: string): Promise<void> {
  await page.getByLabel('Search').fill(name);
  await page.getByRole('button', { name }).first().click();
  await page.locator('.card').first().waitFor();
}
