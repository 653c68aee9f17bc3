import type { Scheme } from '../../../src/litmus/index.ts';
import type { MachineView } from '../state/machineView.ts';
import type { PageCard, ReferenceToken } from '../state/pageCards.ts';
import type { TableNode } from '../state/pageTables.ts';

const WIDTH = 960;
const MARGIN = 24;
const COLUMN = (WIDTH - 3 * MARGIN) / 2;
const LINE = 18;
const CHARACTER = 7.3;
const COLOURS: Readonly<Record<Scheme, string>> = { devmap: '#8a4b0f', refcount: '#0b5d66' };

/** The pages and entries of both machines as a picture that stands alone: SVG, on white. */
export function stateSvg(title: string, views: Readonly<Record<Scheme, MachineView>>): string {
  const columns = (['devmap', 'refcount'] as const).map((scheme, at) =>
    column(scheme, views[scheme], MARGIN + at * (COLUMN + MARGIN)),
  );
  const height = Math.max(...columns.map(({ bottom }) => bottom)) + MARGIN;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="DejaVu Sans Mono, monospace" font-size="12">`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    text(MARGIN, 32, title, { 'font-weight': 'bold', 'font-size': 15 }),
    ...columns.flatMap(({ shapes }) => shapes),
    '</svg>',
  ].join('\n');
}

interface Column {
  readonly shapes: readonly string[];
  readonly bottom: number;
}

function column(scheme: Scheme, view: MachineView, left: number): Column {
  const shapes = [text(left, 62, scheme, { 'font-weight': 'bold', fill: COLOURS[scheme], 'font-size': 14 })];
  let y = 74;
  for (const card of view.pages) {
    const drawn = cardShapes(card, left, y, COLOURS[scheme]);
    shapes.push(...drawn.shapes);
    y = drawn.bottom + 10;
  }
  for (const { process, roots } of view.trees) {
    for (const leaf of leaves(roots)) {
      const line = `${process}.${leaf.address} → ${leaf.target} ${leaf.flags.join(' ')}`;
      for (const part of wrapped(line, COLUMN / CHARACTER)) {
        y += LINE;
        shapes.push(text(left, y, part, {}));
      }
    }
  }
  return { shapes, bottom: y };
}

function cardShapes(card: PageCard, left: number, top: number, colour: string): Column {
  const shapes: string[] = [];
  let x = left + 10;
  let y = top + 44;
  for (const token of card.tokens) {
    const label = tokenText(token);
    const width = label.length * CHARACTER + 14;
    if (x + width > left + COLUMN - 10) {
      x = left + 10;
      y += 24;
    }
    const dashes = token.isCounted ? '' : ' stroke-dasharray="4 3"';
    shapes.push(
      `<rect x="${x}" y="${y - 14}" width="${width}" height="20" rx="10" fill="none" stroke="${colour}"${dashes}/>`,
      text(x + 7, y, label, {}),
    );
    x += width + 6;
  }
  const bottom = y + 16;
  const count = card.isOwned ? `refcount ${card.refcount}, mapcount ${card.mapcount}` : 'no struct page';
  return {
    shapes: [
      `<rect x="${left}" y="${top}" width="${COLUMN}" height="${bottom - top}" rx="8" fill="none" stroke="#bdb8ac"/>`,
      text(left + 10, top + 20, `${card.name}  ${count}`, { 'font-weight': 'bold' }),
      ...shapes,
    ],
    bottom,
  };
}

function tokenText({ kind, label, adds, isCounted }: ReferenceToken): string {
  if (!isCounted) return `${label}, not counted`;
  return kind === 'base' ? `${adds} base` : `${adds < 0 ? '−' : '+'}${Math.abs(adds)} ${label}`;
}

function leaves(nodes: readonly TableNode[]): TableNode[] {
  return nodes.flatMap((node) => (node.isLeaf ? [node] : leaves(node.children)));
}

function wrapped(line: string, width: number): string[] {
  const parts: string[] = [];
  let part = '';
  for (const word of line.split(' ')) {
    if (part !== '' && part.length + word.length + 1 > width) {
      parts.push(part);
      part = '   ';
    }
    part = part === '' ? word : `${part} ${word}`;
  }
  return [...parts, part];
}

function text(
  x: number,
  y: number,
  content: string,
  attributes: Readonly<Record<string, string | number>>,
): string {
  const more = Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${value}"`)
    .join('');
  return `<text x="${x}" y="${y}"${more}>${escaped(content)}</text>`;
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
