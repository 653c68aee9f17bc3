import { dev_pagemap } from '../../kernel/state/dax.ts';
import type { DeviceId, Pfn } from '../../kernel/state/numbers.ts';
import type { Memory } from '../../machine/memory.ts';
import { mappedWithoutOwner } from '../properties/mappedFreePage.ts';
import { memmapAfterTeardown } from '../properties/memmapAfterTeardown.ts';
import { type PgmapFacts, pgmapLeft, pgmapTornDown, pgmapUnderflow } from '../properties/pgmapBalance.ts';
import { staleTlb } from '../properties/staleTlb.ts';
import { type Actor, NOBODY } from './actor.ts';
import type { FolioReader } from './folioReader.ts';
import type { Judge } from './judge.ts';
import type { Layout } from './layout.ts';
import type { Trail } from './trail.ts';
import { ENTRIES, TRANSLATIONS, type UnitWords } from './unitWords.ts';

export interface PgmapWatchParts {
  readonly memory: Memory;
  readonly layout: Layout;
  readonly words: UnitWords;
  readonly folios: FolioReader;
  readonly trail: Trail;
  readonly judge: Judge;
  /** Where that which the kernel does not write down is kept, by device; kept by the watch itself unless given. */
  readonly known?: readonly PgmapKnowledge[];
}

/** What the kernel does not write down of a device's pgmap. */
export interface PgmapKnowledge {
  /** References that the pgmap keeps itself, by now. */
  own: number;
  /** Whether it has had all of them. */
  established: boolean;
  /** Who began to tear it down, and who took the struct pages away. */
  killer: Actor;
  remover: Actor;
  /** How often the device has got struct pages: their generation. */
  generation: number;
  /** Who changed its references last, and who before. */
  last: Actor;
  previous: Actor;
}

/** Follows the life of each device's pgmap: its references, its teardown, who owns the pages. */
export class PgmapWatch {
  private readonly parts: PgmapWatchParts;
  private readonly fields: typeof dev_pagemap;
  private readonly known: readonly PgmapKnowledge[];
  /** Devices of which a violation was reported. */
  private readonly judged = new Set<DeviceId>();

  constructor(parts: PgmapWatchParts) {
    const { memory, layout } = parts;
    this.parts = parts;
    this.fields = memory.of(dev_pagemap);
    this.known = parts.known ?? layout.extents.map(nothingKnown);
    memory.watch(this.fields.ref, (device, before, after) => this.refWritten(device, before, after));
    memory.watch(this.fields.dying, (device, _before, after) => this.dyingWritten(device, after));
    memory.watch(this.fields.memmap, (device, _before, after) => this.memmapWritten(device, after));
  }

  /** References on a device's pgmap beyond its own; 0 until it has had all of its own, as a bind takes them. */
  referencesHeld(device: DeviceId): number {
    const { established, own } = this.knownOf(device);
    return established ? this.fields.ref.get(device) - own : 0;
  }

  /** Which struct pages a device has: a number that grows with every bind; 0 while it has none. */
  generationOf(device: DeviceId): number {
    return this.fields.memmap.get(device) === 0 ? 0 : this.knownOf(device).generation;
  }

  /** Who took the struct page of a frame away; nobody if it has one, or never had. */
  removerOf(pfn: Pfn): Actor {
    const device = this.parts.layout.extentOf(pfn)?.device;
    if (device === undefined || this.generationOf(device) !== 0) return NOBODY;
    return this.knownOf(device).remover;
  }

  /** The kernel accessed the struct page of a frame that has none. */
  missed(pfn: Pfn): void {
    const { layout, judge, trail } = this.parts;
    const device = layout.extentOf(pfn)?.device;
    const known = device === undefined ? undefined : this.knownOf(device);
    const actors = [trail.actor, known?.remover ?? NOBODY];
    trail.missed(layout.unitOf(pfn));
    judge.ofPage('memmap-after-teardown', pfn, memmapAfterTeardown(known?.generation ?? 0), actors);
  }

  /** Judges the references while no thread is inside an operation. */
  settle(): void {
    for (const { device } of this.parts.layout.extents) {
      const message = pgmapLeft(this.factsOf(device));
      if (message !== null) this.report(device, message);
    }
  }

  private refWritten(device: DeviceId, before: number, after: number): void {
    const known = this.knownOf(device);
    const { actor } = this.parts.trail;
    if (known.last !== actor) {
      known.previous = known.last;
      known.last = actor;
    }
    const isDying = this.fields.dying.get(device) !== 0;
    if (isDying && actor === known.killer) known.own -= before - after;
    if (!isDying && after >= this.wholeOf(device)) known.established = true;
    const message = known.established && after < before ? pgmapUnderflow(this.factsOf(device)) : null;
    if (message !== null) this.report(device, message);
  }

  private dyingWritten(device: DeviceId, after: number): void {
    const known = this.knownOf(device);
    known.killer = after === 0 ? NOBODY : this.parts.trail.actor;
    known.own = this.wholeOf(device);
    known.established = after !== 0;
  }

  private memmapWritten(device: DeviceId, after: number): void {
    const known = this.knownOf(device);
    if (after !== 0) {
      known.generation++;
      known.own = this.wholeOf(device);
      return;
    }
    known.remover = this.parts.trail.actor;
    const message = pgmapTornDown(this.factsOf(device));
    if (message !== null) this.report(device, message);
    this.pagesWithoutOwner(device);
  }

  /** The device's pages were given back: nothing may lead to them. */
  private pagesWithoutOwner(device: DeviceId): void {
    const { layout, words, folios, judge, trail } = this.parts;
    const extent = layout.extents[device];
    if (extent === undefined) return;
    const { firstUnit, endUnit } = extent;
    for (const word of [ENTRIES, TRANSLATIONS]) {
      for (const unit of words.unitsWith(word, firstUnit, endUnit)) {
        trail.touch(unit);
        const folio = folios.read(unit);
        const mapped = mappedWithoutOwner(folio);
        if (mapped !== null) judge.ofPage('mapped-free-page', folio.head, mapped);
        const stale = staleTlb(folio);
        if (stale !== null) judge.ofPage('stale-tlb', folio.head, stale);
      }
    }
  }

  private factsOf(device: DeviceId): PgmapFacts {
    const { ref, dying, memmap } = this.fields;
    return {
      ref: ref.get(device),
      own: this.knownOf(device).own,
      dying: dying.get(device) !== 0,
      memmap: memmap.get(device) !== 0,
    };
  }

  /** References that a pgmap keeps itself while it lives: the initial one, and one a compound page. */
  private wholeOf(device: DeviceId): number {
    return 1 + this.fields.nr_pages.get(device) / 2 ** this.fields.vmemmap_shift.get(device);
  }

  private report(device: DeviceId, message: string): void {
    const known = this.knownOf(device);
    if (this.judged.has(device)) return;
    this.judged.add(device);
    const actors = this.parts.judge.describe([known.last, known.previous]);
    this.parts.judge.ofMachine('pgmap-balance', `${this.nameOf(device)}: ${message}`, actors);
  }

  private nameOf(device: DeviceId): string {
    return this.parts.layout.extents[device]?.name ?? `device ${device}`;
  }

  private knownOf(device: DeviceId): PgmapKnowledge {
    const known = this.known[device];
    if (known === undefined) throw new Error(`the test has no device ${device}`);
    return known;
  }
}

function nothingKnown(): PgmapKnowledge {
  return {
    own: 0,
    established: false,
    killer: NOBODY,
    remover: NOBODY,
    generation: 0,
    last: NOBODY,
    previous: NOBODY,
  };
}
