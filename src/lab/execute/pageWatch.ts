import { type Device, idleRefcount, type Scheme } from '../../litmus/index.ts';
import type { PageCounts, Pages } from '../../litmus/output/index.ts';
import { listPages } from '../../litmus/output/pages.ts';
import { FolioMemory } from './folioMemory.ts';
import type { FolioView, PageReader } from './pageReader.ts';

const PAGE = 4096;

/** Folios of a device up to which all of them are watched from the start, and not only those that were ever mapped. */
const ALL_WATCHED = 1024;

/** One watched folio. */
interface Watched {
  readonly device: number;
  readonly first: number;
  last: FolioView | undefined;
}

/** A folio that is not as it is when nobody has it, and the refcount that it would have then. */
export interface BusyFolio {
  readonly name: string;
  readonly folio: FolioView;
  readonly base: number;
}

/** Watches the folios of a test's devices for changes of their counts. */
export class PageWatch {
  private readonly devices: readonly Device[];
  private readonly scheme: Scheme;
  private readonly reader: PageReader;
  private readonly places: readonly number[];
  /** By device and first page. */
  private readonly watched: readonly Map<number, Watched>[];
  /** Ranges of bytes that are watched: a mapping that moves is asked for again and again. */
  private readonly ranges = new Set<string>();
  private readonly memory: FolioMemory;

  /** `places[i]`: which of the guest's devices stands for device i of the test. */
  constructor(devices: readonly Device[], reader: PageReader, places: readonly number[], scheme: Scheme) {
    this.devices = devices;
    this.scheme = scheme;
    this.reader = reader;
    this.places = places;
    this.memory = new FolioMemory(reader);
    this.watched = devices.map(() => new Map());
    for (const { index, size, align } of devices) if (size / align <= ALL_WATCHED) this.add(index, 0, size);
  }

  /** Bytes of a device are mapped: watches their folios from now on. Call before they can be touched. */
  add(index: number, offset: number, length: number): void {
    const device = this.devices[index];
    const watched = this.watched[index];
    if (device?.kind !== 'devdax' || watched === undefined || !(length > 0) || offset < 0) return;
    const range = `${index} ${offset} ${length}`;
    if (this.ranges.has(range)) return;
    this.ranges.add(range);
    const end = Math.min(offset + length, device.size);
    this.memory.beginLook();
    for (let byte = offset - (offset % device.align); byte < end; byte += device.align) {
      const first = byte / PAGE;
      if (!watched.has(first)) watched.set(first, { device: index, first, last: this.now(index, first) });
    }
  }

  /** Pages of a device with a file system belong to a file: watches them from now on, idle as they were until then. */
  addBlocks(index: number, first: number, pages: number): void {
    const watched = this.watched[index];
    for (let page = first; page < first + pages; page++) {
      if (watched?.has(page) === false)
        watched.set(page, { device: index, first: page, last: this.idleFolio(index, page) });
    }
  }

  /** The folio of a page of a device of the test. */
  folio(index: number, page: number): FolioView | undefined {
    return this.reader.folio(this.places[index] ?? index, page);
  }

  /**
   * The folios whose counts are not what they were when they were last asked for; those of a driver that was not bound
   * then are new, and none of them. `gone`: the devices whose driver was bound then, and is not now.
   */
  changes(): { readonly pages: Pages; readonly gone: readonly string[] } {
    const gone = new Set<string>();
    const changed: { readonly folio: Watched; readonly counts: PageCounts }[] = [];
    this.memory.beginLook();
    for (const folio of this.all()) {
      const now = this.now(folio.device, folio.first);
      if (now === folio.last) continue;
      if (now === undefined) gone.add(this.devices[folio.device]?.name ?? '');
      else if (folio.last !== undefined && !isSame(now, folio.last)) {
        const { refcount, mapcount, pincount, order } = now;
        changed.push({ folio, counts: { refcount, mapcount, pincount, order } });
      }
      folio.last = now;
    }
    changed.sort(
      ({ folio: left }, { folio: right }) => left.device - right.device || left.first - right.first,
    );
    const pages = listPages(changed.map(({ folio, counts }) => [this.nameOf(folio), counts] as const));
    return { pages, gone: [...gone] };
  }

  /** The folio that begins with a page, as of the look that has begun; an idle one where the page is inside of another. */
  private now(index: number, first: number): FolioView | undefined {
    const pages = (this.devices[index]?.size ?? 0) / PAGE;
    const folio = this.memory.folio(this.places[index] ?? index, first, pages);
    return folio === undefined || folio.first === first ? folio : this.idleFolio(index, first);
  }

  private *all(): Generator<Watched, void> {
    for (const watched of this.watched) yield* watched.values();
  }

  private nameOf({ device, first }: Watched): string {
    return `${this.devices[device]?.name ?? ''}[${first}]`;
  }

  private idleFolio(index: number, first: number): FolioView {
    return { first, refcount: this.idle(index), mapcount: 0, pincount: 0, order: 0 };
  }

  /** Refcount of the idle folios of a device. */
  private idle(index: number): number {
    return idleRefcount(this.scheme, this.devices[index]?.kind ?? 'devdax');
  }

  /** Pins that there are. */
  pins(): number {
    let pins = 0;
    this.memory.beginLook();
    for (const { device, first } of this.all()) pins += this.now(device, first)?.pincount ?? 0;
    return pins;
  }

  /** Pins that were taken since the changes were last asked for. */
  newPins(): number {
    let pins = 0;
    this.memory.beginLook();
    for (const { device, first, last } of this.all()) {
      pins += (this.now(device, first)?.pincount ?? 0) - (last?.pincount ?? 0);
    }
    return pins;
  }

  /** The watched folios that are not idle. */
  busy(): readonly BusyFolio[] {
    this.memory.beginLook();
    const busy: BusyFolio[] = [];
    for (const watched of this.all()) {
      const folio = this.now(watched.device, watched.first);
      const base = this.idle(watched.device);
      const isIdle = folio === undefined || (folio.refcount === base && folio.mapcount === 0);
      if (!isIdle) busy.push({ name: this.nameOf(watched), folio, base });
    }
    return busy;
  }
}

function isSame(one: FolioView, other: FolioView): boolean {
  return (
    one.refcount === other.refcount &&
    one.mapcount === other.mapcount &&
    one.pincount === other.pincount &&
    one.order === other.order
  );
}
