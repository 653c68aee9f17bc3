import { gzipSync } from 'node:zlib';

/** A file with the header of a bzImage, a release, and a compressed kernel. */
export function bzImage(release: string, kernel: Buffer = Buffer.alloc(0)): Buffer {
  const setup = Buffer.alloc(2 * 512);
  setup[0x1f1] = 1;
  setup.write('HdrS', 0x202, 'latin1');
  setup.writeUInt16LE(0x100, 0x20e);
  setup.write(`${release} (builder) #1 SMP\0`, 0x300, 'latin1');
  const payload = Buffer.concat([gzipSync(kernel), Buffer.alloc(4)]);
  setup.writeUInt32LE(0, 0x248);
  setup.writeUInt32LE(payload.length, 0x24c);
  return Buffer.concat([setup, payload]);
}
