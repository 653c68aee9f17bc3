import type { FolioView, PageReader, TracedPages } from './pageReader.ts';

/** Pages whose struct pages are compared at once; what a folio counts is near its first page. */
const BLOCK = 512;

/** More blocks than a device has: blocks are numbered by device and place in it. */
const MOST_BLOCKS = 2 ** 32;

interface Block {
  /** Undefined while there are no struct pages. */
  readonly traced: TracedPages | undefined;
  readonly folios: Map<number, FolioView | undefined>;
  /** The look at which the trace was compared last. */
  look: number;
}

/** Folios as they were read last, for looks at very many of them: those that have not changed are not read again. */
export class FolioMemory {
  private readonly reader: PageReader;
  private readonly blocks = new Map<number, Block>();
  private look = 0;

  constructor(reader: PageReader) {
    this.reader = reader;
  }

  /** What is asked for from now on is as of now. */
  beginLook(): void {
    this.look++;
  }

  /** A folio by its first page; `pages` is how many the device has. */
  folio(device: number, first: number, pages: number): FolioView | undefined {
    const { folios, traced } = this.blockOf(device, Math.floor(first / BLOCK), pages);
    const known = folios.get(first);
    if (known !== undefined || folios.has(first)) return known;
    const read = this.reader.folio(device, first, traced);
    folios.set(first, read);
    return read;
  }

  private blockOf(device: number, number: number, pages: number): Block {
    const key = device * MOST_BLOCKS + number;
    const known = this.blocks.get(key);
    if (known?.look === this.look) return known;
    const first = number * BLOCK;
    const trace = this.reader.trace(device, first, Math.min(BLOCK, pages - first));
    const before = known?.traced?.trace;
    if (
      known !== undefined &&
      before !== undefined &&
      trace !== undefined &&
      Buffer.compare(before, trace) === 0
    ) {
      known.look = this.look;
      return known;
    }
    const traced = trace === undefined ? undefined : { first, trace };
    const block: Block = { traced, folios: new Map(), look: this.look };
    this.blocks.set(key, block);
    return block;
  }
}
