import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The program that holds devices mapped in a guest, built. */
export interface Holder {
  readonly path: string;
  readonly remove: () => void;
}

export function buildHolder(): Holder {
  const folder = mkdtempSync(join(tmpdir(), 'daxlab-test-'));
  const path = join(folder, 'holder');
  const source = fileURLToPath(new URL('./holder.c', import.meta.url));
  execFileSync('cc', ['-static', '-O1', '-Wall', '-o', path, source]);
  return { path, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
