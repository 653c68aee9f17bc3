import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeLink } from '../../explorer/src/link/link.ts';
import { runCommandLine } from '../../src/cli/commandLine.ts';
import { executeExplore } from '../../src/cli/explore/executeExplore.ts';
import { type PageServer, servePage } from '../../src/cli/explore/pageServer.ts';
import type { Host } from '../../src/cli/host.ts';

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'daxlab-explore-'));
  mkdirSync(join(folder, 'page'));
  writeFileSync(join(folder, 'page', 'index.html'), '<title>page</title>');
  writeFileSync(join(folder, 'mine.litmus'), 'DAX mine\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

class TestHost implements Host {
  output = '';
  errors = '';
  isInterrupted = false;
  readonly isTerminal = false;
  readonly environment = {};
  out(text: string): void {
    this.output += text;
  }
  err(text: string): void {
    this.errors += text;
  }
  readInput(): Promise<string> {
    return Promise.resolve('DAX from-input\n');
  }
  breathe(): Promise<void> {
    return Promise.resolve();
  }
}

/** Explores until the address is there; gives it back with what stops the server. */
async function explore(path?: string): Promise<{ address: string; stop: () => Promise<unknown> }> {
  const host = new TestHost();
  const done = executeExplore(path, { port: 0 }, host, join(folder, 'page'));
  while (host.output === '') await Promise.race([done, new Promise((resolve) => setTimeout(resolve, 10))]);
  const stop = (): Promise<unknown> => {
    host.isInterrupted = true;
    return done;
  };
  return { address: host.output.trim(), stop };
}

describe('daxlab explore', () => {
  it('serves the page until it is interrupted, and ends well', async () => {
    const { address, stop } = await explore();
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    expect(await (await fetch(address)).text()).toContain('<title>page</title>');
    expect(await stop()).toBe(0);
    await expect(fetch(address)).rejects.toThrow();
  });

  it.each([
    ['a file', () => join(folder, 'mine.litmus'), 'DAX mine\n'],
    ['standard input', () => '-', 'DAX from-input\n'],
  ])('opens the test of %s by the link that it prints', async (_, path, text) => {
    const { address, stop } = await explore(path());
    await stop();
    expect(await decodeLink(new URL(address).hash)).toMatchObject({ text, row: null });
  });

  it('says what is wrong with a file that is none, a folder of several, a page that was not built', async () => {
    const page = join(folder, 'page');
    await expect(executeExplore('nowhere', { port: 0 }, new TestHost(), page)).rejects.toThrow(
      'nowhere: no such file or folder',
    );
    await expect(executeExplore('litmus', { port: 0 }, new TestHost(), page)).rejects.toThrow(
      'name one test',
    );
    await expect(
      executeExplore(undefined, { port: 0 }, new TestHost(), join(folder, 'other')),
    ).rejects.toThrow("'npm run explorer' builds it");
  });

  it('looks at its arguments before it looks for the page', async () => {
    const other = join(folder, 'other');
    await expect(executeExplore('nowhere', { port: 0 }, new TestHost(), other)).rejects.toThrow(
      'nowhere: no such file or folder',
    );
  });

  it('takes nothing for a test that is no text, but any text, as mistakes can be mended on the page', async () => {
    const page = join(folder, 'page');
    const file = join(folder, 'binary');
    writeFileSync(file, Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0]));
    await expect(executeExplore(file, { port: 0 }, new TestHost(), page)).rejects.toThrow(
      `${file}: this is no text, and so no test`,
    );
    const mistaken = join(folder, 'mistaken.litmus');
    writeFileSync(mistaken, '\u{feff}DAX x\r\n\tprocess äöü {\n');
    const { address, stop } = await explore(mistaken);
    await stop();
    expect(address).toContain('#v1.');
  });

  it('takes port 0, which is its default: one that is free', async () => {
    const host = new TestHost();
    host.isInterrupted = true;
    const status = await runCommandLine(['explore', '--port', '0', 'nowhere'], host);
    expect({ status, errors: host.errors }).toEqual({
      status: 2,
      errors: 'error: nowhere: no such file or folder\n',
    });
  });

  it.each(['-1', '65536', 'x', ''])(
    'refuses port %s with a line that says what is expected',
    async (port) => {
      const host = new TestHost();
      expect(await runCommandLine(['explore', '--port', port], host)).toBe(2);
      expect(host.errors).toContain('expected 0 to 65535');
    },
  );
});

describe('the server of the page', () => {
  let server: PageServer;
  beforeAll(async () => {
    server = await servePage(join(folder, 'page'), 0);
  });
  afterAll(() => server.close());

  it('isolates the page from others', async () => {
    const { headers } = await fetch(server.address);
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(headers.get('cross-origin-embedder-policy')).toBe('require-corp');
  });

  it('gives nothing away that lies outside of its folder', async () => {
    for (const path of ['nothing.js', '..%2fmine.litmus', '%2e%2e/mine.litmus']) {
      expect((await fetch(server.address + path)).status).toBe(404);
    }
  });

  it('says which port cannot be had', async () => {
    const taken = Number(new URL(server.address).port);
    await expect(
      executeExplore(undefined, { port: taken }, new TestHost(), join(folder, 'page')),
    ).rejects.toThrow(`--port: ${taken} cannot be had (EADDRINUSE)`);
  });
});
