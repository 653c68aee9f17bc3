import type { Schedules } from '../worker/requests.ts';

/** What a link says: everything that is needed to see what its sender saw. */
export interface LinkState {
  /** Path of the test, for its name and, where it is a shipped one that was not changed, for its text. */
  readonly file: string;
  /** The text; null where it is the shipped one of that path. */
  readonly text: string | null;
  readonly bug: string | null;
  readonly schedules: Schedules;
  /** Row of the timeline; null where the page may choose. */
  readonly row: number | null;
  /** Page that is looked at; null for none. */
  readonly selection: string | null;
  readonly view: LinkView;
}

export type LinkView = 'run' | 'check';

/** Marks the version of the format. */
const PREFIX = 'v1.';
/** A test has at most a million characters; what unpacks to many times that is no link of ours. */
const UNPACKED_BYTES = 8 * 2 ** 20;

/** As JSON: a short array, whose places are those of `LinkState`. */
type Packed = [
  file: string,
  text: string | null,
  bug: string | null,
  devmap: string | null,
  refcount: string | null,
  row: number | null,
  selection: string | null,
  view: LinkView,
];

/** A state as the fragment of an address, without the `#`. */
export async function encodeLink(state: LinkState): Promise<string> {
  const { file, text, bug, schedules, row, selection, view } = state;
  const { devmap = null, refcount = null } = schedules;
  const packed: Packed = [file, text, bug, devmap, refcount, row, selection, view];
  const bytes = new TextEncoder().encode(JSON.stringify(packed));
  return PREFIX + toBase64Url(await through(bytes, new CompressionStream('deflate-raw')));
}

/** The state that a fragment stands for, or what is wrong with it; null for the empty fragment. */
export async function decodeLink(fragment: string): Promise<LinkState | { readonly error: string } | null> {
  const text = fragment.replace(/^#/, '');
  if (text === '') return null;
  if (!text.startsWith(PREFIX)) return { error: 'the link is none of the explorer, or of a newer one' };
  try {
    const bytes = await through(
      fromBase64Url(text.slice(PREFIX.length)),
      new DecompressionStream('deflate-raw'),
    );
    return unpack(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    return { error: 'the link is damaged: a part of it may be missing' };
  }
}

function unpack(value: unknown): LinkState | { readonly error: string } {
  if (!Array.isArray(value) || value.length !== 8)
    return { error: 'the link says nothing that can be shown' };
  const [file, text, bug, devmap, refcount, row, selection, view] = value as unknown[];
  const optional = [text, bug, devmap, refcount, selection];
  const isSound =
    typeof file === 'string' &&
    optional.every((item) => item === null || typeof item === 'string') &&
    (row === null || (typeof row === 'number' && Number.isSafeInteger(row) && row >= 0)) &&
    (view === 'run' || view === 'check');
  if (!isSound) return { error: 'the link says nothing that can be shown' };
  const packed = value as Packed;
  return {
    file,
    text: packed[1],
    bug: packed[2],
    schedules: {
      ...(packed[3] !== null && { devmap: packed[3] }),
      ...(packed[4] !== null && { refcount: packed[4] }),
    },
    row: packed[5],
    selection: packed[6],
    view,
  };
}

async function through(
  bytes: Uint8Array<ArrayBuffer>,
  stream: CompressionStream | DecompressionStream,
): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    pieces.push(read.value);
    length += read.value.length;
    if (length <= UNPACKED_BYTES) continue;
    await reader.cancel();
    throw new Error('more than a link can say');
  }
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}

function toBase64Url(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
