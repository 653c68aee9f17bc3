import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { chromiumPath, openPage, openTest } from './chromium.ts';
import { openedPage } from './openedPage.ts';

const TEST = 'two-mappings-of-one-page';
/** Its search takes minutes, however fast the machine: whoever clicks Stop comes in time. */
const LONG = `DAX long
device d = devdax(size=4M, align=4K)
process P {
  m = mmap(d, 0, 8K, rw)
  thread A { store(m, 0, 1) store(m, 4K, 1) }
  thread B { store(m, 0, 2) store(m, 4K, 2) }
  thread C { store(m, 0, 3) store(m, 4K, 3) }
}
`;
const DRAFT = '# not lost';
const SHIPPED = `litmus/devdax/fault/${TEST}.litmus`;

function link(...state: readonly unknown[]): string {
  return `v1.${deflateRawSync(JSON.stringify(state)).toString('base64url')}`;
}

/** A link to a test of one's own. */
function own(text: string, selection: string | null = null): string {
  return link('mine.litmus', text, null, null, null, null, selection, 'run');
}

describe.skipIf(chromiumPath === undefined)('where something goes wrong, in Chromium', () => {
  const opened = openedPage();

  /** Adds a line that nothing but the user has. */
  async function write(line: string): Promise<void> {
    await opened.page.locator('.cm-content').click();
    await opened.page.keyboard.press('Control+End');
    await opened.page.keyboard.insertText(`\n${line}`);
  }

  async function written(): Promise<string> {
    return (await opened.page.locator('.cm-content').textContent()) ?? '';
  }

  async function startCheck(): Promise<void> {
    await opened.page.getByRole('button', { name: 'Every run' }).click();
    await opened.page.getByRole('button', { name: 'Check every interleaving' }).click();
  }

  it('says so where the kernel cannot be loaded, and runs once it can', async () => {
    const other = await opened.browser.newContext();
    const cut = await other.newPage();
    await cut.route('**/worker-*.js', (route) => route.abort());
    await cut.goto(opened.server.address);
    await cut.getByLabel('Search').fill(TEST);
    await cut.getByRole('button', { name: TEST }).first().click();
    await cut.getByText('the kernel could not be loaded').waitFor();
    await cut.locator('.cm-content').click();
    await cut.unroute('**/worker-*.js');
    await cut.keyboard.press('Control+End');
    await cut.keyboard.insertText(`\n${DRAFT}`);
    await cut.locator('.card').first().waitFor();
    expect(await cut.getByText('the kernel could not be loaded').count()).toBe(0);
    expect(await cut.locator('.cm-content').textContent()).toContain(DRAFT);
    await other.close();
  });

  it('says that a worker died in the middle of a check, and checks again with another one', async () => {
    await opened.page.evaluate(`location.hash = ${JSON.stringify(own(LONG))}`);
    await opened.page.locator('.cm-content').filter({ hasText: 'DAX long' }).waitFor();
    await write(DRAFT);
    await startCheck();
    await opened.page
      .getByText(/[1-9]\d* states?, /)
      .first()
      .waitFor();
    await opened.page
      .workers()
      .at(-1)
      ?.evaluate("void setTimeout(() => { throw new Error('as if it died') })");
    await opened.page.getByText('the worker died: Uncaught Error: as if it died').waitFor();
    expect(await written()).toContain(DRAFT);
    await opened.page.getByRole('button', { name: 'Check every interleaving' }).click();
    await opened.page
      .getByText(/[1-9]\d* states?, /)
      .first()
      .waitFor();
    await opened.page.getByRole('button', { name: 'Stop' }).click();
    await opened.page.getByText('stopped by you').waitFor();
    opened.problems = opened.problems.filter((problem) => !problem.includes('as if it died'));
  });

  it('stops a check at the bound of its memory, says so', async () => {
    await opened.page.goto(`${opened.server.address}?memory=0.1`);
    await openTest(opened.page, 'pin-outlives-munmap');
    await opened.page.locator('.cm-content').waitFor();
    await write(DRAFT);
    await startCheck();
    await opened.page.getByText('the memory that a page may take is used up').nth(1).waitFor();
    expect(await opened.page.getByText('… not finished').count()).toBe(2);
    expect(await written()).toContain(DRAFT);
  });

  it.each([
    ['v1.broken', 'the link is damaged'],
    ['v1.%%%', 'the link is damaged'],
    ['v9.AAAA', 'none of the explorer, or of a newer one'],
    [link('one', 'two'), 'says nothing that can be shown'],
    [link(SHIPPED, 7, null, null, null, null, null, 'run'), 'says nothing that can be shown'],
    [link('litmus/nowhere.litmus', null, null, null, null, null, null, 'run'), 'not among the shipped tests'],
    [`v1.${deflateRawSync(Buffer.alloc(2 ** 26)).toString('base64url')}`, 'the link is damaged'],
  ])('says what is wrong with a link, and leaves what is open: %s', async (fragment, message) => {
    await openTest(opened.page, TEST);
    await opened.page.locator('.cm-content').waitFor();
    await write(DRAFT);
    await opened.page.evaluate(`location.hash = ${JSON.stringify(fragment)}`);
    await opened.page.getByText(message).waitFor();
    expect(await written()).toContain(DRAFT);
    await opened.page.goto('about:blank');
    await opened.page.goto(`${opened.server.address}#${fragment}`);
    await opened.page.getByText(message).waitFor();
    await opened.page.locator('.entry').first().waitFor();
  });

  it.each([
    ['a schedule that is none', link(SHIPPED, null, null, 'nonsense', null, 0, null, 'run'), /nonsense/],
    [
      'a bug that there is not',
      link(
        'mine.litmus',
        'DAX mine\ndevice d = devdax(size=4M, align=4K)\nprocess P { m = mmap(d, offset=0, length=4K, prot=rw) load(m, 0) }',
        'no-such-bug',
        null,
        null,
        null,
        null,
        'run',
      ),
      /there is no bug 'no-such-bug'/,
    ],
    ['a text with errors', link('mine.litmus', 'DAX', null, null, null, null, null, 'run'), /expected|no /],
  ])('shows the text of a link that cannot be run, and why: %s', async (_, fragment, message) => {
    const other = await openPage(opened.browser, `${opened.server.address}#${fragment}`, opened.problems);
    await other.locator('.notice, .problem').filter({ hasText: message }).first().waitFor();
    await other.locator('.cm-content').waitFor();
    expect(await other.locator('.cm-content').textContent()).toContain('DAX');
    await other.context().close();
  });

  it('takes a row and a page of a link that are not there for the last row and for none', async () => {
    const fragment = link(SHIPPED, null, null, null, null, 1_000_000, 'd[999]', 'run');
    const other = await openPage(opened.browser, `${opened.server.address}#${fragment}`, opened.problems);
    await other.getByText('the test is over').waitFor();
    await other.context().close();
  });

  it('takes a test of 1 MB for what it is, and keeps the text', async () => {
    await openTest(opened.page, TEST);
    await opened.page.locator('.cm-content').waitFor();
    await write(DRAFT);
    await opened.page.evaluate(`{
      const clipboardData = new DataTransfer();
      const line = () => '# ' + Math.random().toString(36).repeat(3).slice(0, 30) + '\\n';
      clipboardData.setData('text/plain', Array.from({ length: 34000 }, line).join(''));
      const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
      document.querySelector('.cm-content').dispatchEvent(event);
    }`);
    await opened.page.locator('.problem').first().waitFor();
    expect(await opened.page.locator('.problem').first().textContent()).toMatch(/a test has at most 1048576/);
    expect(await opened.page.locator('.card').count()).toBe(2);
    await opened.page.getByRole('button', { name: 'Every run' }).click();
    expect(await opened.page.getByRole('button', { name: 'Check every interleaving' }).isDisabled()).toBe(
      true,
    );
    await opened.page.keyboard.press('Control+Home');
    await opened.page.getByRole('button', { name: 'Back to the test as it was opened' }).click();
    await opened.page.locator('.problem').first().waitFor({ state: 'detached' });
  });

  it('asks for a condition that means something, and shows the end that is nearest to it', async () => {
    await openTest(opened.page, 'pin-outlives-munmap');
    await startCheck();
    const condition = opened.page.getByLabel('condition on the end');
    await condition.fill('nobody == 1');
    await opened.page.keyboard.press('Enter');
    await opened.page.getByRole('alert').filter({ hasText: 'nobody' }).waitFor();
    await condition.fill('p == EFAULT && d[0].refcount == 2');
    await opened.page.keyboard.press('Enter');
    const nearest = opened.page.getByLabel('nearest end under refcount');
    await nearest.getByText('d[0].refcount is 1').waitFor();
    expect(await nearest.locator('.met').allTextContents()).toEqual(['✓ p == EFAULT ']);
    expect(await nearest.locator('.missed').count()).toBe(1);
    await nearest.getByRole('button', { name: 'show this execution' }).click();
    await opened.page.getByRole('heading', { name: 'unpin(p)' }).waitFor();
    expect(await opened.page.getByLabel('d[0] under refcount').getAttribute('data-refcount')).toBe('1');
  });

  it('says of an exists that nobody can meet how near one comes', async () => {
    await openTest(opened.page, 'pin-outlives-munmap');
    await opened.page.locator('.cm-content').waitFor();
    await write('exists p == 7 && d[0].pincount == 0');
    await startCheck();
    await opened.page.getByRole('button', { name: 'why not?', exact: true }).first().click();
    const nearest = opened.page.getByLabel('nearest end under devmap');
    await nearest.getByText(/p is (1|EFAULT)/).waitFor();
    expect(await nearest.locator('.met').count()).toBe(1);
  });

  it('shows all pages of a test, some at a time', async () => {
    const text =
      'DAX many\ndevice d = devdax(size=4M, align=4K)\nprocess P { m = mmap(d, offset=0, length=400K, prot=rw)\n p = pin(m, 0, 400K, write) }\n';
    const other = await openPage(opened.browser, `${opened.server.address}#${own(text)}`, opened.problems);
    const cards = other.getByLabel('pages and who holds them').locator('.refcount .card');
    await cards.first().waitFor();
    expect(await cards.count()).toBe(24);
    for (const shown of [48, 96, 100]) {
      await other.getByRole('button', { name: /^Show \d+ more$/ }).click();
      await cards.nth(shown - 1).waitFor();
      expect(await cards.count()).toBe(shown);
    }
    expect(await other.getByRole('button', { name: /^Show \d+ more$/ }).count()).toBe(0);
    await other.context().close();
    const far = await openPage(
      opened.browser,
      `${opened.server.address}#${own(text, 'd[70]')}`,
      opened.problems,
    );
    await far.getByLabel('d[70] under refcount').waitFor();
    await far.context().close();
  });
});
