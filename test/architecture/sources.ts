import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';

export const root: string = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** One TypeScript file of ours. */
export interface OwnFile {
  /** Path below the checkout, with `/`. */
  readonly path: string;
  readonly text: string;
  /** The text with its comments overwritten by spaces. */
  readonly code: string;
  /** What it imports: a path below the checkout, or a package's name. */
  readonly imports: readonly { readonly target: string; readonly typeOnly: boolean }[];
}

/** All TypeScript files below `src/`, but for the generated ones, in order of their paths. */
export function ownFiles(): OwnFile[] {
  return readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.gen.ts'))
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(root.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort()
    .map(readOwnFile);
}

function readOwnFile(path: string): OwnFile {
  const text = readFileSync(join(root, path), 'utf8');
  const { comments, module } = parseSync(path, text);
  let code = text;
  for (const { start, end } of comments) {
    code = code.slice(0, start) + code.slice(start, end).replace(/\S/g, ' ') + code.slice(end);
  }
  const imported = module.staticImports.map((node) => ({
    from: node.moduleRequest.value,
    typeOnly: node.entries.length > 0 && node.entries.every((entry) => entry.isType),
  }));
  const reExported = module.staticExports.flatMap((node) =>
    node.entries.flatMap((entry) =>
      entry.moduleRequest === null ? [] : [{ from: entry.moduleRequest.value, typeOnly: entry.isType }],
    ),
  );
  const dynamic = module.dynamicImports.map(({ moduleRequest: { start, end } }) => ({
    from: text.slice(start + 1, end - 1),
    typeOnly: false,
  }));
  const imports = [...imported, ...reExported, ...dynamic].map(({ from, typeOnly }) => ({
    target: from.startsWith('.') ? posix.join(posix.dirname(path), from) : from,
    typeOnly,
  }));
  return { path, text, code, imports };
}

/** The room of a path below `src/`; '' for anything else. */
export function roomOf(path: string): string {
  return /^src\/([^/]+)\//.exec(path)?.[1] ?? '';
}
