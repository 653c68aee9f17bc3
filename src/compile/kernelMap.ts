import type { SourceFile } from './dialect/source.ts';

/** One function of Linux, and where it is modelled. */
interface MapLine {
  readonly function: string;
  readonly release: string;
  readonly place: string;
  readonly name: string;
}

/** The map from Linux's functions to ours as a Markdown page, from the doc comments of the kernel's sources. */
export function renderKernelMap(files: readonly SourceFile[]): string {
  const byFile = new Map<string, MapLine[]>();
  for (const { path, declarations } of files) {
    for (const declaration of declarations) {
      if (declaration.kind === 'constant') continue;
      for (const { file, functions, release } of declaration.linux) {
        const lines = byFile.get(file) ?? [];
        byFile.set(file, lines);
        for (const name of functions.split(/,\s*|\s+and\s+/)) {
          const place = `${path}:${declaration.line}`;
          lines.push({ function: name, release, place, name: declaration.name });
        }
      }
    }
  }
  const sections = [...byFile]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([file, lines]) => section(file, lines));
  return [
    '# Kernel map',
    '',
    'Which function of Linux stands where under `src/kernel`: generated from the doc comments by',
    '`npm run kernel-map`, do not edit. The release is the one that was followed; the folder says for which scheme.',
    '',
    ...sections,
  ].join('\n');
}

function section(file: string, lines: readonly MapLine[]): string {
  const rows = [...lines]
    .sort(byFunction)
    .map(
      ({ function: linux, release, place, name }) =>
        `| \`${linux}\` | ${release} | [${place}](../src/kernel/${place.replace(':', '#L')}) | \`${name}\` |`,
    );
  return [`## ${file}`, '', '| Linux | release | here | as |', '| --- | --- | --- | --- |', ...rows, ''].join(
    '\n',
  );
}

function byFunction(a: MapLine, b: MapLine): number {
  if (a.function !== b.function) return a.function < b.function ? -1 : 1;
  return a.place < b.place ? -1 : 1;
}
