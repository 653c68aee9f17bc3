/**
 * Brings a checkout to where its programs run: installs the packages, generates the kernel as data, compiles
 * src/ to dist/, and bundles the command line, which starts in half the time when its few hundred modules are one file.
 * Each stage only when something that it depends on has changed.
 *
 *   node tools/prepare.mjs build [--force]   all stages
 *   node tools/prepare.mjs generate          up to src/kernel/kernel.gen.ts and src/bugs/bugs.gen.ts
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const installedStamp = join(root, 'node_modules', '.daxlab-installed');
const generated = ['src/kernel/kernel.gen.ts', 'src/bugs/bugs.gen.ts'].map((path) => join(root, path));

function digest(paths) {
  const hash = createHash('sha256');
  for (const path of paths)
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update('\0');
  return hash.digest('hex');
}

/** All files below some folders of the checkout, in byte order, without what this program itself makes. */
function filesBelow(...folders) {
  return folders
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
        .filter(
          (entry) =>
            entry.isFile() && /\.(ts|mjs|json|litmus)$/.test(entry.name) && !entry.name.endsWith('.gen.ts'),
        )
        .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1)),
    )
    .sort();
}

function run(stage, command, args) {
  console.error(stage);
  const { status, error, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: 'utf8' });
  if (status === 0) return;
  process.stderr.write(stdout ?? '');
  process.stderr.write(stderr ?? '');
  if (error) console.error(String(error));
  console.error(`${stage}: failed`);
  process.exit(status ?? 1);
}

function stampIs(path, value) {
  return existsSync(path) && readFileSync(path, 'utf8') === value;
}

/** Whether npm has already put there what the lock file wants, if not through this program. */
function packagesMatch() {
  const hidden = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(hidden)) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const present = JSON.parse(readFileSync(hidden, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, entry]) =>
      path === '' || entry.link || entry.optional || present[path]?.version === entry.version,
  );
}

function install() {
  const wanted = digest(['package-lock.json']);
  if (stampIs(installedStamp, wanted)) return;
  if (!packagesMatch())
    run('Installing packages', 'npm', ['install', '--no-save', '--no-audit', '--no-fund']);
  writeFileSync(installedStamp, wanted);
}

/** Runs a stage when the files that it reads, or the packages, are not those of its last success. */
function stage(name, inputs, force, work) {
  const stamp = join(root, '.prepared', name);
  const wanted = digest(['package-lock.json', 'package.json', ...inputs]);
  if (!force && stampIs(stamp, wanted)) return;
  rmSync(stamp, { force: true });
  work();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
}

/** A bundle of ES modules has no `require` of its own, which packages in CommonJS need for Node's modules. */
const REQUIRE_FOR_COMMONJS =
  "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);";

const [command, ...options] = process.argv.slice(2);
const force = options.includes('--force');
if (command !== 'build' && command !== 'generate') {
  console.error('usage: node tools/prepare.mjs build|generate [--force]');
  process.exit(2);
}

install();
stage('generate', filesBelow('bugs', 'src', 'tools'), force || !generated.every(existsSync), () =>
  run('Reading the kernel', process.execPath, [
    join('node_modules', 'tsx', 'dist', 'cli.mjs'),
    join('tools', 'generate.ts'),
  ]),
);
if (command === 'build') {
  const configs = ['tsconfig.base.json', 'tsconfig.json'];
  stage(
    'build',
    [...filesBelow('bugs', 'src', 'tools'), ...configs],
    force || !existsSync(join(root, 'dist')),
    () => {
      rmSync(join(root, 'dist'), { recursive: true, force: true });
      run('Compiling', process.execPath, [
        join('node_modules', 'typescript', 'bin', 'tsc'),
        '-p',
        'tsconfig.json',
      ]);
      run('Bundling', process.execPath, [
        join('node_modules', 'esbuild', 'bin', 'esbuild'),
        ...['main.js', 'check/worker.js'].map((entry) => join('dist', 'cli', entry)),
        ...['--bundle', '--splitting', '--format=esm', '--platform=node', '--target=node20'],
        ...['--entry-names=[name]', '--outdir=dist/bundle', '--sourcemap', '--log-level=warning'],
        `--banner:js=${REQUIRE_FOR_COMMONJS}`,
      ]);
    },
  );
}
