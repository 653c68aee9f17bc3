import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { beforeAll, describe, expect, it } from 'vitest';
import { BUILD_MILLISECONDS, builtPage } from './builtPage.ts';
import { chromiumPath, openPage, openTest } from './chromium.ts';
import { openedPage } from './openedPage.ts';

const TEST = 'two-mappings-of-one-page';
const BUG = 'reference-dropped-before-flush';
/** Longer than the address takes to follow what is shown. */
const FOLLOW_MILLISECONDS = 600;

/** What is loaded only when somebody asks for it: the checker, the bugs, doc comments, and texts of shipped tests. */
const LATER = /^(check|executeCheck|executeNearest|bugs|_virtual_kernel-docs|_virtual_gallery-texts)/;
const LIMIT_BYTES = 400_000;

describe('the built page', () => {
  let sizes: ReadonlyMap<string, number>;
  beforeAll(() => {
    const assets = join(builtPage(), 'assets');
    const names = readdirSync(assets).filter((name) => /\.(br|gz)$/.test(name));
    sizes = new Map(names.map((name) => [name, statSync(join(assets, name)).size]));
  }, BUILD_MILLISECONDS);

  function bytesOf(names: RegExp): number {
    const found = [...sizes].filter(([name]) => names.test(name));
    return found.reduce((sum, [, bytes]) => sum + bytes, 0);
  }

  it('is below 400 kB by Brotli, worker and editor included', () => {
    const first = [...sizes].filter(([name]) => name.endsWith('.br') && !LATER.test(name));
    expect(first.some(([name]) => name.startsWith('worker-'))).toBe(true);
    expect(first.reduce((sum, [, bytes]) => sum + bytes, 0)).toBeLessThan(LIMIT_BYTES);
  });

  it('needs below 400 kB by gzip for the first state of a shipped test', () => {
    const texts = [...sizes].filter(([name]) => /^_virtual_gallery-texts.*\.gz$/.test(name));
    expect(texts.length).toBeGreaterThan(1);
    expect(bytesOf(/^worker-.*\.gz$/)).toBeGreaterThan(0);
    const largestTexts = Math.max(...texts.map(([, bytes]) => bytes));
    expect(bytesOf(/^(index|worker)-.*\.gz$/) + largestTexts).toBeLessThan(LIMIT_BYTES);
  });

  it('has the kernel in its worker only', () => {
    const page = [...sizes].find(([name]) => /^index-.*\.js\.br$/.test(name));
    expect(page?.[1]).toBeLessThan(LIMIT_BYTES / 4);
  });
});

describe.skipIf(chromiumPath === undefined)('the explorer in Chromium (skipped where there is none)', () => {
  const opened = openedPage();

  async function refcounts(): Promise<string[]> {
    const texts = [];
    for (const scheme of ['devmap', 'refcount']) {
      const card = opened.page.getByLabel(`d[0] under ${scheme}`);
      texts.push((await card.getAttribute('data-refcount')) ?? '');
    }
    return texts;
  }

  it('shows the counts of both schemes change as one steps', async () => {
    await openTest(opened.page, TEST);
    await opened.page.keyboard.press('Home');
    expect(await refcounts()).toEqual(['1', '1']);
    const seen = [];
    for (let operation = 0; operation < 7; operation++) {
      await opened.page.keyboard.press('Shift+ArrowRight');
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
    await opened.page.keyboard.press('Shift+ArrowLeft');
    expect(await refcounts()).toEqual(['1', '2']);
  });

  it('walks the whole way: break a test, mend it, check it, share it', async () => {
    await openTest(opened.page, TEST);
    const editor = opened.page.locator('.cm-content');
    await editor.waitFor();

    await editor.click();
    await opened.page.keyboard.press('Control+Home');
    await opened.page.keyboard.type('nonsense ');
    await opened.page.locator('.problem').first().waitFor();
    await opened.page.locator('.cm-lintRange-error').first().waitFor();
    expect(await refcounts(), 'the last good run stays').toEqual(['1', '2']);

    for (let letter = 0; letter < 'nonsense '.length; letter++) await opened.page.keyboard.press('Backspace');
    await opened.page.locator('.problem').first().waitFor({ state: 'detached' });

    await opened.page.getByRole('button', { name: 'Every run' }).click();
    await opened.page.getByRole('button', { name: 'Check every interleaving' }).click();
    await opened.page.getByText('✓ holds').nth(1).waitFor();
    await opened.page.getByRole('button', { name: 'show an execution' }).first().click();
    await opened.page.getByText('the test is over').waitFor();
    expect(await refcounts()).toEqual(['1', '1']);
  });

  it('finds the counterexample of a historical bug and shows the state in which it breaks', async () => {
    await openTest(opened.page, BUG);
    await opened.page.getByRole('button', { name: 'Every run' }).click();
    await opened.page.getByRole('button', { name: 'Check every interleaving' }).click();
    await opened.page.getByRole('button', { name: 'Show the counterexample' }).first().click();
    await opened.page.getByRole('heading', { name: 'Broken properties' }).waitFor();
    const place = await opened.page.locator('.place.quiet').textContent();
    await opened.page.waitForTimeout(FOLLOW_MILLISECONDS);

    const fresh = await openPage(opened.browser, opened.page.url(), opened.problems);
    await fresh.getByRole('heading', { name: 'Broken properties' }).waitFor();
    expect(await fresh.locator('.place.quiet').textContent()).toBe(place);
    expect(await fresh.locator('.finding').allInnerTexts()).toEqual(
      await opened.page.locator('.finding').allInnerTexts(),
    );
    await fresh.context().close();
  });

  it('lets the thread step that is clicked', async () => {
    await openTest(opened.page, 'pin-outlives-munmap');
    await opened.page.getByLabel('let P.B step next under refcount').click();
    await opened.page.getByRole('button', { name: 'Back to turns' }).waitFor();
    await opened.page.getByRole('heading', { name: 'pin(m, 0, 4K, write)' }).waitFor();
  });

  it.each(['light', 'dark'] as const)(
    'has nothing serious for axe to find, in %s colours',
    async (colorScheme) => {
      await opened.page.emulateMedia({ colorScheme });
      const serious = async (): Promise<string[]> => {
        const { violations } = await new AxeBuilder({ page: opened.page }).analyze();
        return violations
          .filter(({ impact }) => impact === 'serious' || impact === 'critical')
          .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
      };
      expect(await serious()).toEqual([]);
      await openTest(opened.page, TEST);
      await opened.page.locator('.cm-content').waitFor();
      expect(await serious()).toEqual([]);
      await opened.page.getByRole('button', { name: 'Every run' }).click();
      expect(await serious()).toEqual([]);
    },
  );
});
