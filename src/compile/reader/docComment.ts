import type { LinuxOrigin } from '../dialect/source.ts';

const PARAGRAPH = /Linux: (.*?)(?:Left out:|$)/g;
const ORIGIN = /(\S+\.[chS]) ([^();]+?) \(([^()]+)\)/g;

/** The kernel functions that a doc comment says its function follows: `Linux: file functions (release); …`. */
export function linuxOrigins(comment: string): LinuxOrigin[] {
  const flat = comment.replace(/\s*\n\s*\*?\s*/g, ' ');
  return [...flat.matchAll(PARAGRAPH)].flatMap(([, paragraph = '']) =>
    [...paragraph.matchAll(ORIGIN)].map(([, file = '', functions = '', release = '']) => ({
      file,
      functions,
      release,
    })),
  );
}
