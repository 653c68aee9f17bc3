/**
 * Random litmus tests, each on the model and on real kernels: how many agree, and which do not. A difference is a mistake of the
 * model, or stands in docs/not-modelled.md. The same seed writes the same tests.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { KINDS } from './random/kinds.ts';
import { randomTest } from './random/randomTest.ts';

/** The parts that are read of what `run` and `kernel run` print with `--json`. */
interface RunDocument {
  readonly results: readonly { readonly file: string; readonly verdict: string }[];
}
interface KernelDocument {
  readonly comparisons: readonly {
    readonly file: string;
    readonly kernel: string;
    readonly outcome: string;
    readonly difference: { readonly text: string; readonly model: string; readonly kernel: string } | null;
  }[];
}

const MOST_OUTPUT = 2 ** 30;
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '50' },
    kernel: { type: 'string', default: '6.12,newest' },
  },
});
const folder = mkdtempSync(join(tmpdir(), 'daxlab-random-'));
const daxlab = join(import.meta.dirname, '../../bin/daxlab.js');

/** What a verb prints as JSON, whatever its exit status: broken conditions have one of their own. */
function output<Document>(...args: readonly string[]): Document {
  try {
    const text = execFileSync(process.execPath, [daxlab, ...args, '--json'], {
      encoding: 'utf8',
      maxBuffer: MOST_OUTPUT,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return JSON.parse(text) as Document;
  } catch (error) {
    if (!(error instanceof Error && 'stdout' in error && typeof error.stdout === 'string')) throw error;
    return JSON.parse(error.stdout) as Document;
  }
}

const count = Number(values.count);
for (const [position, kind] of KINDS.entries()) {
  for (let number = 0; number < count; number++) {
    const name = `${kind}-${number}`;
    const seed = (Number(values.seed) * KINDS.length + position) * count + number;
    writeFileSync(join(folder, `${name}.litmus`), randomTest(name, kind, seed));
  }
}
const { results } = output<RunDocument>('run', folder);
const broken = new Set(results.filter(({ verdict }) => verdict !== 'ok').map(({ file }) => file));
for (const file of broken) rmSync(file);
console.log(`${count * KINDS.length} tests in ${folder}`);
console.log(
  `${broken.size} left out, which break something in the model: who breaks memory breaks what follows`,
);

const { comparisons } = output<KernelDocument>('kernel', 'run', folder, '--kernel', values.kernel);
for (const kernel of new Set(comparisons.map((comparison) => comparison.kernel))) {
  const own = comparisons.filter((comparison) => comparison.kernel === kernel);
  const outcomes = [...new Set(own.map(({ outcome }) => outcome))].sort();
  const counts = outcomes.map(
    (wanted) => `${own.filter(({ outcome }) => outcome === wanted).length} ${wanted}`,
  );
  console.log(`${kernel}: ${counts.join(', ')}`);
}
for (const { file, kernel, difference } of comparisons) {
  if (difference !== null)
    console.log(
      `  ${file} on ${kernel}: ${difference.text}: model ${difference.model}, kernel ${difference.kernel}`,
    );
}
