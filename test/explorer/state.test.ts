import { describe, expect, it } from 'vitest';
import { differences } from '../../explorer/src/state/differences.ts';
import type { MachineView } from '../../explorer/src/state/machineView.ts';
import type { PageCard, ReferenceToken } from '../../explorer/src/state/pageCards.ts';
import type { TableNode } from '../../explorer/src/state/pageTables.ts';
import { programOf, shippedProgram, viewsBehind } from './support/runs.ts';

const PINNED = `
DAX pinned
device d = devdax(size=4M, align=4K)
process P {
  m = mmap(d, offset=0, length=8K, prot=rw)
  store(m, 0, 7)
  p = pin(m, 0, 4K, write)
  g = get(m, 4K, 4K, write)
  put(g)
  unpin(p)
  u = unbind(d)
}
`;
const program = programOf(PINNED);

const HUGE = programOf(`
DAX huge
device d = devdax(size=8M, align=2M)
process P {
  m = mmap(d, offset=0, length=2M, prot=rw)
  p = pin(m, 0, 8K, write)
}
`);

function cardOf({ pages }: MachineView, name: string): PageCard {
  const found = pages.find((card) => card.name === name);
  if (found === undefined) throw new Error(`no card ${name}`);
  return found;
}

function texts(tokens: readonly ReferenceToken[]): string[] {
  return tokens.map(
    ({ kind, label, adds, isCounted }) => `${kind} ${label} ${isCounted ? adds : 'not counted'}`,
  );
}

function leaves(nodes: readonly TableNode[]): TableNode[] {
  return nodes.flatMap((node) => (node.isLeaf ? [node] : leaves(node.children)));
}

describe('the card of a page', () => {
  it('shows a mapping that only the refcount scheme counts', () => {
    const { devmap, refcount } = viewsBehind(program, 'store(m, 0, 7)');
    expect(texts(cardOf(devmap, 'd[0]').tokens)).toEqual(['base base 1', 'mapping P.m[0] not counted']);
    expect(texts(cardOf(refcount, 'd[0]').tokens)).toEqual(['base base 1', 'mapping P.m[0] 1']);
    expect([cardOf(devmap, 'd[0]').refcount, cardOf(refcount, 'd[0]').refcount]).toEqual([1, 2]);
  });

  it('names who pins it, and counts a pin of a small folio 1024 times', () => {
    const { devmap, refcount } = viewsBehind(program, 'p = pin(m, 0, 4K, write)');
    expect(texts(cardOf(devmap, 'd[0]').tokens)).toContain('pin P.p 1024');
    expect(texts(cardOf(refcount, 'd[0]').tokens)).toContain('pin P.p 1024');
    expect(cardOf(refcount, 'd[0]').refcount).toBe(1 + 1 + 1024);
  });

  it('names who holds it by FOLL_GET', () => {
    const { refcount } = viewsBehind(program, 'g = get(m, 4K, 4K, write)');
    expect(texts(cardOf(refcount, 'd[1]').tokens)).toEqual(['base base 1', 'mapping P.m[1] 1', 'get P.g 1']);
  });

  it('counts a pin of a large folio once for each page, and in its pincount', () => {
    const card = cardOf(viewsBehind(HUGE, 'p = pin(m, 0, 8K, write)').refcount, 'd[0]');
    expect(texts(card.tokens)).toEqual(['base base 1', 'mapping P.m[0] 1', 'pin P.p 2']);
    expect([card.refcount, card.pincount, card.order]).toEqual([4, 2, 9]);
  });

  it('says when no driver has the page', () => {
    const { refcount } = viewsBehind(program, 'u = unbind(d)');
    expect(cardOf(refcount, 'd[0]')).toMatchObject({ isOwned: false, refcount: 0, tokens: [] });
  });
});

describe('page tables', () => {
  it('lead from the top down to the entry with its bits, of which devmap has its own', () => {
    const { devmap, refcount } = viewsBehind(program, 'store(m, 0, 7)');
    const [tree] = devmap.trees;
    const [root] = tree?.roots ?? [];
    expect([tree?.process, root?.title.split(' ')[0], root?.children[0]?.title.split(' ')[0]]).toEqual([
      'P',
      'PGD',
      'PUD',
    ]);
    const [old] = leaves(tree?.roots ?? []);
    const [young] = leaves(refcount.trees[0]?.roots ?? []);
    expect([old?.address, old?.target, young?.target]).toEqual(['m[0]', 'd[0]', 'd[0]']);
    expect(old?.flags).toEqual(expect.arrayContaining(['present', 'rw', 'dirty', 'devmap']));
    expect(young?.flags).toEqual(expect.arrayContaining(['present', 'rw', 'dirty']));
    expect(young?.flags).not.toContain('devmap');
  });
});

describe('the other facts', () => {
  it('tell of mappings, translations, the pgmap and the bytes of the device', () => {
    const { refcount } = viewsBehind(program, 'store(m, 0, 7)');
    expect(refcount.mappings).toMatchObject([{ name: 'P.m[0]', text: 'd[0…1] rw- shared' }]);
    expect(refcount.translations).toMatchObject([{ name: 'CPU of P', text: 'm[0] → d[0] rw dirty' }]);
    expect(refcount.bytes).toMatchObject([{ name: 'd[0] byte 0', text: '7' }]);
    expect(refcount.pgmaps[0]?.text).toMatch(/^0 references held · driver bound/);
    expect(viewsBehind(program, 'u = unbind(d)').refcount.pgmaps[0]?.text).toContain('no struct pages');
  });
});

describe('the difference of two states', () => {
  it('is told in words: what counts under one scheme only', () => {
    const { devmap, refcount } = viewsBehind(program, 'store(m, 0, 7)');
    expect(differences(devmap, refcount)).toEqual([
      'd[0] has 1 reference under devmap and 2 under refcount: the mapping P.m[0] counts only there',
    ]);
  });

  it('is nothing where both count the same', () => {
    const { devmap, refcount } = viewsBehind(program, 'm = mmap(d, offset=0, length=8K, prot=rw)');
    expect(differences(devmap, refcount)).toEqual([]);
  });
});

describe('a page of a file', () => {
  const files = shippedProgram('litmus/fsdax/fault/two-files.litmus');

  it('names its file, and counts from what an idle page of a file has', () => {
    const { devmap, refcount } = viewsBehind(files, 'a = store(m, 0, 1)');
    const [one, other] = [devmap, refcount].map(({ pages }) => pages[0]);
    expect([one?.owner, other?.owner]).toEqual(['page 0 of "f"', 'page 0 of "f"']);
    expect([one?.mapping, other?.mapping]).toEqual(['"f"', '"f"']);
    expect(one?.tokens).toMatchObject([
      { kind: 'base', adds: 1 },
      { kind: 'mapping', isCounted: false },
    ]);
    expect(other?.tokens).toMatchObject([
      { kind: 'base', adds: 0 },
      { kind: 'mapping', adds: 1 },
    ]);
    expect(differences(devmap, refcount)).toEqual([
      expect.stringMatching(
        /0 references more than an idle page under devmap and 1 more under refcount: the mapping/,
      ),
    ]);
  });

  it('stands in the list of files with its extent and its DAX entry', () => {
    const { refcount } = viewsBehind(files, 'a = store(m, 0, 1)');
    const [file, second] = refcount.files;
    expect(file).toMatchObject({
      name: '"f"',
      device: 'd',
      state: expect.stringMatching(/^4 KiB · held/),
      extents: [{ pages: 'page 0' }],
      entries: [{ first: 0, pages: 'page 0', target: file?.extents[0]?.target, flags: ['dirty'] }],
    });
    expect(second).toMatchObject({ name: '"g"', entries: [] });
    expect(file?.extents[0]?.target).not.toBe(second?.extents[0]?.target);
    expect(refcount.mappings.map(({ text }) => text)).toContain('"f"[0] rw- shared');
  });
});
