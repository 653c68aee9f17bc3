import { InternTable } from '../collapse/internTable.ts';

/** Words of one piece. Small, so that a step that writes a few words leaves most pieces as they are. */
const PIECE_SHIFT = 4;
const PIECE_WORDS: number = 2 ** PIECE_SHIFT;

/** Stands in a word that was never written, or reads again as if it had not been. No value of a word. */
export const UNTOUCHED: number = Number.MIN_SAFE_INTEGER;

/**
 * A list of words that can be stored as one number and brought back. It is stored in two stages: equal pieces of
 * it have equal numbers, and the list is the list of these. Storing and bringing back cost what differs from
 * the list as it is, and lists that differ little share most of their pieces.
 *
 * Words that do not exist yet are `UNTOUCHED`, so that a list that has grown equals what it was before.
 */
export class WordVectors {
  private words: Float64Array = new Float64Array(16 * PIECE_WORDS).fill(UNTOUCHED);
  /** Numbers of the pieces as they were when last stored or brought back; 0 is the untouched piece. */
  private pieces: Float64Array = new Float64Array(16);
  private readonly dirty: number[] = [];
  private isDirty: Uint8Array = new Uint8Array(16);
  private readonly pieceTable = new InternTable();
  private readonly listTable = new InternTable();
  /** Number of the list as it is, unless pieces are dirty. */
  private current = 0;
  private readonly piece: Float64Array = new Float64Array(PIECE_WORDS).fill(UNTOUCHED);
  private list: Float64Array = new Float64Array(16);

  constructor() {
    this.pieceTable.intern(this.piece);
    this.current = this.listTable.intern(this.pieces, 0);
  }

  get bytes(): number {
    return this.pieceTable.bytes + this.listTable.bytes;
  }

  /** Different lists stored. */
  get size(): number {
    return this.listTable.size;
  }

  get(word: number): number {
    return word < this.words.length ? (this.words[word] as number) : UNTOUCHED;
  }

  set(word: number, value: number): void {
    if (word >= this.words.length) this.grow(word);
    this.words[word] = value;
    const piece = word >>> PIECE_SHIFT;
    if (this.isDirty[piece] === 1) return;
    this.isDirty[piece] = 1;
    this.dirty.push(piece);
  }

  /** The number of the list as it is now. */
  store(): number {
    if (this.dirty.length === 0) return this.current;
    for (const piece of this.dirty) {
      this.isDirty[piece] = 0;
      this.piece.set(this.words.subarray(piece << PIECE_SHIFT, (piece + 1) << PIECE_SHIFT));
      this.pieces[piece] = this.pieceTable.intern(this.piece);
    }
    this.dirty.length = 0;
    let length = this.pieces.length;
    while (length > 0 && this.pieces[length - 1] === 0) length--;
    this.current = this.listTable.intern(this.pieces, length);
    return this.current;
  }

  /** Brings a stored list back. */
  load(number: number): void {
    if (this.dirty.length === 0 && number === this.current) return;
    this.current = number;
    for (const piece of this.dirty) {
      this.isDirty[piece] = 0;
      this.pieces[piece] = -1;
    }
    this.dirty.length = 0;
    const length = this.listTable.read(number, this.list);
    for (let piece = 0; piece < this.pieces.length; piece++) {
      const wanted = piece < length ? (this.list[piece] as number) : 0;
      if (this.pieces[piece] === wanted) continue;
      this.pieces[piece] = wanted;
      this.pieceTable.read(wanted, this.piece);
      this.words.set(this.piece, piece << PIECE_SHIFT);
    }
  }

  private grow(word: number): void {
    let length = this.words.length;
    while (length <= word) length *= 2;
    const words = new Float64Array(length).fill(UNTOUCHED);
    words.set(this.words);
    this.words = words;
    const count = length >>> PIECE_SHIFT;
    const pieces = new Float64Array(count);
    pieces.set(this.pieces);
    this.pieces = pieces;
    const isDirty = new Uint8Array(count);
    isDirty.set(this.isDirty);
    this.isDirty = isDirty;
    this.list = new Float64Array(count);
  }
}
