import { describe, expect, it } from 'vitest';
import { PAGECACHE_TAG_DIRTY } from '../../../src/kernel/state/address_space.ts';
import { advance, FILE, FILES_PFN, FileKernel } from './fileKernel.ts';

const AT = 6 * 262144;
const NONE = -1;
const LAST = 2 ** 52 - 1;

/** A process that maps two pages of the file, both of them touched. */
function mapped(scheme: 'devmap' | 'refcount'): FileKernel {
  const kernel = new FileKernel(scheme);
  kernel.runIn(0, 1);
  kernel.mapFile(1, AT, 2);
  for (const index of [0, 1]) {
    kernel.addEntry(index, PAGECACHE_TAG_DIRTY);
    kernel.mapPage(1, AT + index, index);
  }
  kernel.lockOutFaults();
  return kernel;
}

describe.each(['devmap', 'refcount'] as const)('looking for busy pages, under %s', (scheme) => {
  it('takes all mappings away, and finds none', () => {
    const kernel = mapped(scheme);
    expect(kernel.call('dax_layout_busy_page', FILE)).toBe(NONE);
    expect([kernel.leaf(1, AT), kernel.leaf(1, AT + 1)]).toEqual([undefined, undefined]);
    expect([kernel.refcount(0), kernel.refcount(1)]).toEqual([kernel.idle, kernel.idle]);
    expect(kernel.rss(1)).toBe(0);
    expect(kernel.warnings).toEqual([]);
  });

  it('finds the first page that somebody holds', () => {
    const kernel = mapped(scheme);
    kernel.hold(1);
    expect(kernel.call('dax_layout_busy_page', FILE)).toBe(FILES_PFN + 1);
    kernel.hold(0);
    expect(kernel.call('dax_layout_busy_page', FILE)).toBe(FILES_PFN);
  });

  it('leaves what lies outside of its range alone', () => {
    const kernel = mapped(scheme);
    kernel.hold(1);
    expect(kernel.call('dax_layout_busy_page_range', FILE, 0, 0)).toBe(NONE);
    expect(kernel.leaf(1, AT + 1)?.level).toBe('pte');
    expect(kernel.call('dax_layout_busy_page_range', FILE, 1, LAST)).toBe(FILES_PFN + 1);
  });

  it('finds one page held in a huge page, which is all of a folio where there is one', () => {
    const kernel = new FileKernel(scheme);
    kernel.runIn(0, 1);
    kernel.mapFile(1, AT, 512);
    kernel.addHugeEntry(0);
    kernel.mapHugePage(1, AT, 0);
    kernel.hold(7);
    kernel.lockOutFaults();
    expect(kernel.call('dax_layout_busy_page', FILE)).toBe(FILES_PFN + (scheme === 'devmap' ? 7 : 0));
    expect(kernel.leaf(1, AT)).toBeUndefined();
    kernel.drop(7);
    expect(kernel.call('dax_layout_busy_page', FILE)).toBe(NONE);
  });

  it('sees a pin that has outlived its mapping only if pins count without mappings', () => {
    const kernel = new FileKernel(scheme);
    kernel.addEntry(0);
    kernel.hold(0);
    kernel.lockOutFaults();
    expect(kernel.call('dax_layout_busy_page', FILE)).toBe(scheme === 'devmap' ? NONE : FILES_PFN);
  });

  it('comes to a locked entry', () => {
    const kernel = mapped(scheme);
    kernel.hold(0);
    kernel.lockEntry(0);
    const looking = kernel.thread(1, 'dax_layout_busy_page', FILE);
    advance(looking);
    if (scheme === 'devmap') {
      expect([looking.done, looking.result]).toEqual([true, NONE]);
      return;
    }
    expect(looking.blocked).toBe(true);
    kernel.machine.cpu = 0;
    kernel.unlockEntry(0);
    advance(looking);
    expect([looking.done, looking.result]).toEqual([true, FILES_PFN]);
  });
});

describe.each(['devmap', 'refcount'] as const)('breaking a layout, under %s', (scheme) => {
  it('waits for nobody when nobody holds a page', () => {
    const kernel = mapped(scheme);
    expect(kernel.call('break_dax_layouts', FILE)).toBe(0);
    expect(kernel.faultsLockedOut).toBe(true);
    expect([kernel.entry(0) !== 0, kernel.nrpages]).toEqual(scheme === 'devmap' ? [true, 2] : [false, 0]);
    expect(kernel.mapping(0)).toBe(scheme === 'devmap' ? FILE : 0);
  });

  it.each([
    ['the page is dropped once it sleeps', true],
    ['the page is dropped between its look and its sleep', false],
  ])('goes on when %s', (_when, sleepsFirst) => {
    const kernel = mapped(scheme);
    kernel.hold(0);
    const breaking = kernel.thread(1, 'break_dax_layouts', FILE);
    if (sleepsFirst) advance(breaking);
    else while (breaking.pending?.primitive !== 'schedule_until_woken') breaking.step();
    expect(kernel.faultsLockedOut).toBe(false);
    expect(breaking.done).toBe(false);
    kernel.machine.cpu = 0;
    kernel.drop(0);
    advance(breaking);
    expect([breaking.done, breaking.result]).toEqual([true, 0]);
    expect(kernel.faultsLockedOut).toBe(true);
    expect(kernel.warnings).toEqual([]);
  });

  it('looks at all pages again after a wait', () => {
    const kernel = mapped(scheme);
    kernel.hold(0);
    const breaking = kernel.thread(1, 'break_dax_layouts', FILE);
    advance(breaking);
    kernel.machine.cpu = 0;
    kernel.hold(1);
    kernel.drop(0);
    advance(breaking);
    expect(breaking.done).toBe(false);
    kernel.machine.cpu = 0;
    kernel.drop(1);
    advance(breaking);
    expect([breaking.done, breaking.result]).toEqual([true, 0]);
  });

  it('takes a mapping that a fault made meanwhile away as well', () => {
    const kernel = mapped(scheme);
    kernel.hold(0);
    const breaking = kernel.thread(1, 'break_dax_layouts', FILE);
    advance(breaking);
    kernel.machine.cpu = 0;
    kernel.mapPage(1, AT + 1, 1);
    kernel.drop(0);
    advance(breaking);
    expect(breaking.done).toBe(true);
    expect(kernel.leaf(1, AT + 1)).toBeUndefined();
    expect(kernel.refcount(1)).toBe(kernel.idle);
  });

  it('waits for pins as for other references, and for the last of several', () => {
    const kernel = mapped(scheme);
    kernel.hold(0);
    kernel.hold(0);
    const breaking = kernel.thread(1, 'break_dax_layouts', FILE);
    advance(breaking);
    kernel.machine.cpu = 0;
    kernel.drop(0);
    advance(breaking);
    expect(breaking.done).toBe(false);
    kernel.machine.cpu = 0;
    kernel.drop(0);
    advance(breaking);
    expect(breaking.done).toBe(true);
  });

  it('gives up at once where it may not wait', () => {
    const kernel = mapped(scheme);
    expect(kernel.call('dax_break_layout_nowait', FILE)).toBe(0);
    const busy = mapped(scheme);
    busy.hold(1);
    expect(busy.call('dax_break_layout_nowait', FILE)).toBe(-512);
    expect(busy.entry(1)).not.toBe(0);
  });

  it('lets an inode go only if nobody holds its pages, which 6.12 does not see to', () => {
    const kernel = mapped(scheme);
    kernel.hold(0);
    const evicting = kernel.thread(1, 'dax_break_layout_final', FILE);
    advance(evicting);
    expect(evicting.done).toBe(scheme === 'devmap');
    if (evicting.done) return;
    expect(kernel.faultsLockedOut).toBe(true);
    kernel.machine.cpu = 0;
    kernel.drop(0);
    advance(evicting);
    expect(evicting.done).toBe(true);
    expect([kernel.entry(0), kernel.entry(1)]).toEqual([0, 0]);
  });
});
