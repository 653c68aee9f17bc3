import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** The folder of the page, built when something that it is made of is newer; or the one that the environment names. */
export function builtPage(): string {
  folder ??= findPage();
  return folder;
}

/** Found once: what changes while tests run is not theirs. */
let folder: string | undefined;

function findPage(): string {
  const named = process.env.DAXLAB_EXPLORER_PAGE;
  if (named !== undefined) return named;
  const built = join(root, 'explorer', 'dist');
  if (
    !existsSync(join(built, 'index.html')) ||
    newest(sources()) > statSync(join(built, 'index.html')).mtimeMs
  ) {
    const { status, stderr } = spawnSync('npm', ['run', 'explorer'], { cwd: root, encoding: 'utf8' });
    if (status !== 0) throw new Error(`npm run explorer: ${stderr}`);
  }
  return built;
}

function sources(): string[] {
  const below = ['explorer/src', 'src', 'litmus', 'bugs'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  return [
    ...below,
    ...['index.html', 'vite.config.ts', 'package.json'].map((name) => join(root, 'explorer', name)),
  ];
}

function newest(files: readonly string[]): number {
  return Math.max(...files.map((file) => statSync(file).mtimeMs));
}
