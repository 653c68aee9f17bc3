import type { LinuxOrigin } from '../dialect/source.ts';

const ORIGIN = /Linux: (\S+) ([^()]+?) \(([^()]+)\)/g;

/** The kernel functions that a doc comment says its function follows. */
export function linuxOrigins(comment: string): LinuxOrigin[] {
  const flat = comment.replace(/\s*\n\s*\*?\s*/g, ' ');
  return [...flat.matchAll(ORIGIN)].map(([, file = '', functions = '', release = '']) => ({
    file,
    functions,
    release,
  }));
}
