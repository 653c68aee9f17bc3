import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';

const folder = fileURLToPath(new URL('./pictures', import.meta.url));
/** How unlike two pixels may be, as pixelmatch measures it; what only smooths an edge is not counted. */
const THRESHOLD = 0.1;

/** Whether stored pictures are to be replaced by what is seen. */
export const isUpdate: boolean = process.env.DAXLAB_GOLDEN === 'update';

/** What pictures depend on beside the page: the widths of texts in its fonts, and who draws. */
export interface Drawing {
  readonly chromium: string;
  readonly widths: readonly number[];
}

/** Why pictures that are drawn here cannot be like the stored ones; null where they can. */
export function otherDrawing(here: Drawing): string | null {
  const file = join(folder, 'drawing.json');
  if (isUpdate) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, `${JSON.stringify(here, null, 2)}\n`);
  }
  const stored = JSON.parse(readFileSync(file, 'utf8')) as Drawing;
  if (stored.widths.join(' ') !== here.widths.join(' '))
    return 'the fonts here are not those of the stored pictures';
  if (stored.chromium === here.chromium) return null;
  return `Chromium ${stored.chromium} drew the stored pictures, and here is ${here.chromium}`;
}

/**
 * Holds a picture against the stored one of that name; `tolerance` is the share of its pixels that may differ.
 * @throws {Error} that names files to look at, where more differ
 */
export function expectPicture(name: string, seen: Buffer, tolerance: number): void {
  const file = join(folder, `${name}.png`);
  if (isUpdate) {
    if (existsSync(file) && difference(readFileSync(file), seen).share <= tolerance) return;
    writeFileSync(file, seen);
    return;
  }
  if (!existsSync(file)) throw new Error(`no picture is stored as ${name}: ${ACCEPT}`);
  const { share, marked } = difference(readFileSync(file), seen);
  if (share <= tolerance) return;
  const shown = join(tmpdir(), `daxlab-${name}`);
  writeFileSync(`${shown}-seen.png`, seen);
  if (marked !== null) writeFileSync(`${shown}-differs.png`, marked);
  const amount = marked === null ? 'the size' : `${(share * 100).toFixed(2)} % of the pixels`;
  throw new Error(
    `${name}: ${amount} differs from ${file}; look at ${shown}-*.png, then mend it, or ${ACCEPT}`,
  );
}

const ACCEPT = "accept it with 'DAXLAB_GOLDEN=update npm run test:machines'";

function difference(
  stored: Buffer,
  seen: Buffer,
): { readonly share: number; readonly marked: Buffer | null } {
  const one = PNG.sync.read(stored);
  const other = PNG.sync.read(seen);
  const { width, height } = one;
  if (width !== other.width || height !== other.height) return { share: 1, marked: null };
  const marked = new PNG({ width, height });
  const pixels = pixelmatch(one.data, other.data, marked.data, width, height, { threshold: THRESHOLD });
  return { share: pixels / (width * height), marked: PNG.sync.write(marked) };
}
