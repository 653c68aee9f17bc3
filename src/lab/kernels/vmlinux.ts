import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { LabError } from '../labError.ts';
import type { CommandRunner } from '../process/runCommand.ts';

/** Linux: Documentation/arch/x86/boot.rst: the header's fields for what is compressed in a bzImage. */
const HEADER = {
  bytes: 0x250,
  setupSectors: 0x1f1,
  magic: 0x202,
  payloadOffset: 0x248,
  payloadLength: 0x24c,
};
const SECTOR = 512;

/** The length of the uncompressed kernel, which the build appends to the payload. */
const LENGTH_BYTES = 4;

const COMPRESSIONS: readonly {
  readonly magic: string;
  readonly words: readonly [string, ...string[]] | 'gzip';
}[] = [
  { magic: '28b52ffd', words: ['zstd', '--decompress', '--stdout', '--quiet'] },
  { magic: 'fd377a585a00', words: ['xz', '--decompress', '--stdout'] },
  { magic: '1f8b', words: 'gzip' },
];

const ELF_MAGIC = '7f454c46';

/**
 * The kernel itself, an ELF file, out of a bzImage; null when it is compressed in a way that we do not know. It has what
 * the kernel says of its own types (section `.BTF`), and boots without decompressing itself, which takes an emulated
 * processor seconds.
 */
export async function extractVmlinux(vmlinuz: string, run: CommandRunner): Promise<Buffer | null> {
  const image = readFileSync(vmlinuz);
  if (image.length < HEADER.bytes || image.toString('latin1', HEADER.magic, HEADER.magic + 4) !== 'HdrS')
    return null;
  const setupBytes = ((image[HEADER.setupSectors] ?? 0) + 1) * SECTOR;
  const start = setupBytes + image.readUInt32LE(HEADER.payloadOffset);
  const payload = image.subarray(start, start + image.readUInt32LE(HEADER.payloadLength) - LENGTH_BYTES);
  const compression = COMPRESSIONS.find(({ magic }) => beginsWith(payload, magic));
  if (compression === undefined) return null;
  const { words } = compression;
  const kernel = words === 'gzip' ? gunzip(payload, vmlinuz) : await decompress(payload, words, vmlinuz, run);
  return beginsWith(kernel, ELF_MAGIC) ? kernel : null;
}

function gunzip(payload: Buffer, vmlinuz: string): Buffer {
  try {
    return gunzipSync(payload);
  } catch (error) {
    throw new LabError(`${vmlinuz} cannot be decompressed: ${(error as Error).message}`);
  }
}

async function decompress(
  payload: Buffer,
  words: readonly [string, ...string[]],
  vmlinuz: string,
  run: CommandRunner,
): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'daxlab-'));
  try {
    const file = join(folder, 'payload');
    writeFileSync(file, payload);
    const { status, output, errors } = await run({ words: [...words, file] });
    if (status !== 0) throw new LabError(`${vmlinuz} cannot be decompressed: ${errors.trim()}`);
    return output;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function beginsWith(bytes: Buffer, magic: string): boolean {
  return bytes.toString('hex', 0, magic.length / 2) === magic;
}
