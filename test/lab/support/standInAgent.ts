import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Guest } from '../../../src/lab/machine/guest.ts';
import { linesOf } from '../../../src/lab/process/lines.ts';

/** The stand-in, built. */
export interface StandIn {
  readonly path: string;
  remove(): void;
}

export function buildStandIn(): StandIn {
  const folder = mkdtempSync(join(tmpdir(), 'daxlab-test-'));
  const path = join(folder, 'agent');
  const source = fileURLToPath(new URL('./standInAgent.c', import.meta.url));
  execFileSync('cc', ['-static', '-O1', '-Wall', '-o', path, source]);
  return { path, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Asks a guest's agent one thing at a time. */
export function conversation({ channel, ended }: Guest): (question: string) => Promise<string> {
  const waiting: ((answer: string) => void)[] = [];
  linesOf(channel, (line) => waiting.shift()?.(line));
  return (question) =>
    new Promise((resolve, reject) => {
      waiting.push(resolve);
      channel.write(`${question}\n`);
      void ended.then((end) => reject(new Error(`the guest is gone: ${JSON.stringify(end)}`)));
    });
}
