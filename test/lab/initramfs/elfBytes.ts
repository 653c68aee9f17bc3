/** A 64-bit ELF file with these sections and nothing else. */
export function elfBytes(sections: Readonly<Record<string, Buffer>>): Buffer {
  const all: [string, Buffer][] = [['', Buffer.alloc(0)], ...Object.entries(sections)];
  const names = Buffer.from(`${[...all.map(([name]) => name), '.shstrtab'].join('\0')}\0`, 'latin1');
  all.push(['.shstrtab', names]);
  const header = Buffer.alloc(64);
  header.write('\x7fELF\x02\x01\x01', 'latin1');
  const contents = Buffer.concat(all.map(([, content]) => content));
  header.writeBigUInt64LE(BigInt(64 + contents.length), 0x28);
  header.writeUInt16LE(64, 0x3a);
  header.writeUInt16LE(all.length, 0x3c);
  header.writeUInt16LE(all.length - 1, 0x3e);
  let offset = 64;
  let nameAt = 0;
  const table = all.map(([name, content]) => {
    const entry = Buffer.alloc(64);
    entry.writeUInt32LE(nameAt, 0);
    entry.writeUInt32LE(1, 4);
    entry.writeBigUInt64LE(BigInt(offset), 0x18);
    entry.writeBigUInt64LE(BigInt(content.length), 0x20);
    offset += content.length;
    nameAt += name.length + 1;
    return entry;
  });
  return Buffer.concat([header, contents, ...table]);
}

/** A kernel module as far as its dependencies go. */
export function moduleBytes(depends: readonly string[]): Buffer {
  return elfBytes({ '.modinfo': Buffer.from(`license=GPL\0depends=${depends.join(',')}\0intree=Y\0`) });
}
