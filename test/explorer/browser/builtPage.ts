import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Enough for a build of the page. */
export const BUILD_MILLISECONDS = 240_000;
/** Between two looks at whether another process has built it. */
const LOOK_MILLISECONDS = 200;

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
  alone(() => {
    const page = join(built, 'index.html');
    if (existsSync(page) && newest(sources()) <= statSync(page).mtimeMs) return;
    const { status, stderr } = spawnSync('npm', ['run', 'explorer'], { cwd: root, encoding: 'utf8' });
    if (status !== 0) throw new Error(`npm run explorer: ${stderr}`);
  });
  return built;
}

/** Test files run beside each other, and the first one that comes builds for all. */
function alone(act: () => void): void {
  const lock = join(tmpdir(), `daxlab-page-${createHash('sha256').update(root).digest('hex').slice(0, 16)}`);
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch {
      const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
      if (Date.now() - since > BUILD_MILLISECONDS) rmSync(lock, { recursive: true, force: true });
      Atomics.wait(pause, 0, 0, LOOK_MILLISECONDS);
    }
  }
  try {
    act();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function sources(): string[] {
  const below = ['explorer/src', 'src', 'litmus', 'bugs'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  const own = readdirSync(join(root, 'explorer'), { withFileTypes: true }).filter((entry) => entry.isFile());
  return [...below, ...own.map(({ name }) => join(root, 'explorer', name))];
}

function newest(files: readonly string[]): number {
  return Math.max(...files.map((file) => statSync(file).mtimeMs));
}
