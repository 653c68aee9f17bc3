/** A file, folder or device node of an archive. */
export type ArchiveEntry =
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'file'; readonly path: string; readonly content: Buffer; readonly executable: boolean }
  | {
      readonly kind: 'characterDevice';
      readonly path: string;
      readonly major: number;
      readonly minor: number;
    };

/** What the format has before the name, in this order, as 8 hexadecimal digits each. */
interface Header {
  readonly inode: number;
  readonly mode: number;
  readonly links: number;
  readonly size: number;
  readonly major: number;
  readonly minor: number;
  readonly nameSize: number;
}

const MAGIC = '070701';
const TRAILER = 'TRAILER!!!';

/**
 * The entries as a cpio archive in the `newc` format, which the kernel takes as initramfs. Folders above an entry are
 * added; order and times do not depend on when and from what order the archive was made.
 *
 * Linux: Documentation/driver-api/early-userspace/buffer-format.rst (6.12)
 */
export function newcArchive(entries: readonly ArchiveEntry[]): Buffer {
  const all = new Map<string, ArchiveEntry>();
  for (const entry of entries) {
    const parts = entry.path.split('/').filter((part) => part !== '');
    for (let depth = 1; depth < parts.length; depth++) {
      const path = parts.slice(0, depth).join('/');
      if (!all.has(path)) all.set(path, { kind: 'folder', path });
    }
    all.set(parts.join('/'), entry);
  }
  const paths = [...all.keys()].sort();
  const pieces = paths.flatMap((path, index) => {
    const entry = all.get(path);
    return entry === undefined ? [] : record(path, entry, index + 1);
  });
  const trailer = { inode: 0, mode: 0, links: 1, size: 0, major: 0, minor: 0, nameSize: TRAILER.length + 1 };
  return Buffer.concat([...pieces, ...named(trailer, TRAILER)]);
}

function record(path: string, entry: ArchiveEntry, inode: number): Buffer[] {
  const base = { inode, links: 1, size: 0, major: 0, minor: 0, nameSize: Buffer.byteLength(path) + 1 };
  switch (entry.kind) {
    case 'folder':
      return named({ ...base, mode: 0o040755, links: 2 }, path);
    case 'characterDevice':
      return named({ ...base, mode: 0o020600, major: entry.major, minor: entry.minor }, path);
    case 'file': {
      const { content, executable } = entry;
      const header = { ...base, mode: executable ? 0o100755 : 0o100644, size: content.length };
      return [...named(header, path), content, padding(content.length)];
    }
  }
}

function named(header: Header, name: string): Buffer[] {
  const { inode, mode, links, size, major, minor, nameSize } = header;
  const fields = [inode, mode, 0, 0, links, 0, size, 0, 0, major, minor, nameSize, 0];
  const text = MAGIC + fields.map((field) => field.toString(16).padStart(8, '0')).join('');
  const bytes = Buffer.from(`${text}${name}\0`, 'utf8');
  return [bytes, padding(bytes.length)];
}

/** Headers and contents begin at multiples of 4. */
function padding(length: number): Buffer {
  return Buffer.alloc((4 - (length % 4)) % 4);
}
