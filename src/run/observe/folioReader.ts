import { dev_pagemap } from '../../kernel/state/dax.ts';
import type { Pfn } from '../../kernel/state/numbers.ts';
import { page } from '../../kernel/state/page.ts';
import type { Scheme } from '../../litmus/index.ts';
import { idleRefcount } from '../../litmus/vocabulary/idle.ts';
import type { Memory } from '../../machine/memory.ts';
import type { FolioFacts } from '../properties/folioFacts.ts';
import type { FileMap } from './fileMap.ts';
import type { Layout, Unit } from './layout.ts';
import { ENTRIES, GETS, PINS, TRANSLATIONS, type UnitWords } from './unitWords.ts';

/** Reads what struct page says of a folio, beside what the observer knows of it. */
export class FolioReader {
  private readonly layout: Layout;
  private readonly words: UnitWords;
  private readonly files: FileMap;
  /** Reference count of an idle page, by device. */
  private readonly idle: readonly number[];
  private readonly fields: typeof page;
  private readonly pgmaps: typeof dev_pagemap;
  /** One record for all: a run reads it millions of times. */
  private readonly facts: FolioFacts = {
    head: 0,
    owner: -1,
    free: false,
    ofFiles: false,
    refcount: 0,
    mapcount: 0,
    pincount: 0,
    order: 0,
    mapping: 0,
    index: 0,
    entries: 0,
    translations: 0,
    gets: 0,
    pins: 0,
    idle: 0,
    entriesCount: false,
    deviceIndex: 0,
  };

  constructor(memory: Memory, layout: Layout, words: UnitWords, files: FileMap, scheme: Scheme) {
    this.layout = layout;
    this.words = words;
    this.files = files;
    this.idle = layout.extents.map(({ kind }) => idleRefcount(scheme, kind));
    this.facts.entriesCount = scheme === 'refcount';
    this.fields = memory.of(page);
    this.pgmaps = memory.of(dev_pagemap);
  }

  /** Whether the struct page of a frame exists. */
  hasMemmap(pfn: Pfn): boolean {
    const extent = this.layout.extentOf(pfn);
    return extent !== undefined && this.pgmaps.memmap.get(extent.device) !== 0;
  }

  /** First frame of the folio that a frame, which has a struct page, belongs to. */
  headOf(pfn: Pfn): Pfn {
    const head = this.fields.compound_head.get(pfn);
    return head === 0 ? pfn : head - 1;
  }

  /** folio_mapcount of the folio that begins at `head`. */
  mapcountOf(head: Pfn): number {
    const { order, _mapcount, _large_mapcount } = this.fields;
    return (order.get(head) === 0 ? _mapcount : _large_mapcount).get(head) + 1;
  }

  /**
   * The facts about the folio of a unit, valid until the next call. Of a folio without an owner only what is really
   * there counts.
   */
  read(unit: Unit): FolioFacts {
    const { facts, fields, words } = this;
    const pfn = this.layout.frameOf(unit);
    const extent = this.layout.extentOf(pfn);
    facts.ofFiles = extent?.kind === 'fsdax';
    facts.free = facts.ofFiles && this.files.isFree(pfn);
    facts.entries = words.get(unit, ENTRIES);
    facts.translations = words.get(unit, TRANSLATIONS);
    facts.gets = words.get(unit, GETS);
    facts.pins = words.get(unit, PINS);
    facts.idle = this.idle[extent?.device ?? 0] ?? 1;
    facts.owner = -1;
    facts.head = pfn;
    facts.refcount = 0;
    if (extent === undefined || this.pgmaps.memmap.get(extent.device) === 0) return facts;
    const head = this.headOf(pfn);
    facts.owner = extent.device;
    facts.head = head;
    facts.refcount = fields._refcount.get(head);
    facts.order = fields.order.get(head);
    facts.mapcount = (facts.order === 0 ? fields._mapcount : fields._large_mapcount).get(head) + 1;
    facts.pincount = fields._pincount.get(head);
    facts.mapping = fields.mapping.get(head);
    facts.index = fields.index.get(head);
    facts.deviceIndex = head - extent.firstFrame;
    if (facts.ofFiles && facts.order > 0) this.addUp(this.layout.unitOf(head));
    return facts;
  }

  /** A file's folio comes and goes with its DAX entry: units are its pages, and what is there of all of them counts. */
  private addUp(first: Unit): void {
    const { facts, words } = this;
    const end = first + 2 ** facts.order;
    facts.entries = words.sum(ENTRIES, first, end);
    facts.translations = words.sum(TRANSLATIONS, first, end);
    facts.gets = words.sum(GETS, first, end);
    facts.pins = words.sum(PINS, first, end);
  }
}
