import type { FolioView, PageReader } from './pageReader.ts';

/** Pages whose struct pages are compared at once; what a folio counts is near its first page. */
const BLOCK = 512;

interface Block {
  readonly trace: Uint8Array | undefined;
  readonly folios: Map<number, FolioView | undefined>;
  /** The look at which the trace was compared last. */
  look: number;
}

/** Folios as they were read last, for looks at very many of them: those that have not changed are not read again. */
export class FolioMemory {
  private readonly reader: PageReader;
  private readonly blocks = new Map<string, Block>();
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
    const { folios } = this.blockOf(device, Math.floor(first / BLOCK), pages);
    const known = folios.get(first);
    if (known !== undefined || folios.has(first)) return known;
    const read = this.reader.folio(device, first);
    folios.set(first, read);
    return read;
  }

  private blockOf(device: number, number: number, pages: number): Block {
    const key = `${device} ${number}`;
    const known = this.blocks.get(key);
    if (known?.look === this.look) return known;
    const first = number * BLOCK;
    const trace = this.reader.trace(device, first, Math.min(BLOCK, pages - first));
    if (known?.trace !== undefined && trace !== undefined && Buffer.compare(known.trace, trace) === 0) {
      known.look = this.look;
      return known;
    }
    const block: Block = { trace, folios: new Map(), look: this.look };
    this.blocks.set(key, block);
    return block;
  }
}
