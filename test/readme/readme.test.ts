import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { consoleBlocks, withOutputs } from './consoleBlocks.ts';

const root = join(import.meta.dirname, '..', '..');
const readmePath = join(root, 'README.md');
const readme = readFileSync(readmePath, 'utf8');
const isUpdating = process.env.DAXLAB_GOLDEN === 'update';

function execute(command: string): string {
  const { stdout, stderr, status } = spawnSync('bash', ['-c', command], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  if (status !== 0) throw new Error(`${command} exited ${status}: ${stderr}`);
  return stdout.trimEnd();
}

/** What takes time and memory takes another amount each time. */
function withoutCost(output: string): string {
  return output.replace(/\d+\.\d s, \d+ MiB/g, '… s, … MiB');
}

describe('the README', () => {
  const blocks = consoleBlocks(readme);

  it('shows at least four commands with their output', () => {
    expect(blocks.length).toBeGreaterThanOrEqual(4);
  });

  if (isUpdating) {
    it('takes over what its commands print now', () => {
      const outputs = new Map(blocks.map(({ command }) => [command, execute(command)]));
      writeFileSync(readmePath, withOutputs(readme, outputs));
    });
  } else {
    it.each(blocks.map((block) => [block.command, block] as const))(
      'prints what it shows for: %s',
      (_, block) => {
        expect(withoutCost(execute(block.command))).toBe(withoutCost(block.output));
      },
    );
  }

  it('teaches with a test that passes', () => {
    const taught = /```\n(DAX [\s\S]*?)```/.exec(readme)?.[1] ?? '';
    const folder = mkdtempSync(join(tmpdir(), 'daxlab-readme-'));
    const file = join(folder, 'second-mapping.litmus');
    writeFileSync(file, taught);
    try {
      expect(execute(`bin/daxlab.js run ${file}`)).toMatch(/devmap ok, refcount ok$/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('names only scripts that the package has', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    for (const [, name = ''] of readme.matchAll(/^npm (?:run )?([a-z:]+)/gm))
      expect(scripts).toHaveProperty([name]);
  });

  it('links only to files that exist', () => {
    for (const [, path = ''] of readme.matchAll(/\]\(([^)#]+)\)/g)) {
      expect(() => readFileSync(join(root, path))).not.toThrow();
    }
  });
});
