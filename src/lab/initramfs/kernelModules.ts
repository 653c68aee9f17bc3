import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { KernelImage } from '../kernels/kernelImage.ts';
import { LabError } from '../labError.ts';
import type { CommandRunner } from '../process/runCommand.ts';
import { elfFile, moduleInformation } from './elfFile.ts';

/** A module of the kernel, ready to be loaded. */
export interface KernelModule {
  readonly name: string;
  /** The module itself, not compressed. */
  readonly content: Buffer;
}

/** Programs that write a file's content to their standard output, by the compressed file's ending. */
const UNPACKERS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  xz: ['xz', '--decompress', '--stdout'],
  zst: ['zstd', '--decompress', '--stdout', '--quiet'],
};

const MODULE_FILE = /\.ko(?:\.(gz|xz|zst))?$/;

/** Which modules a kernel has, as files and built in. */
export interface ModuleIndex {
  /** Path of each module's file, by its name. */
  readonly files: ReadonlyMap<string, string>;
  readonly builtIn: ReadonlySet<string>;
}

export function moduleIndex({ modules }: KernelImage): ModuleIndex {
  const files = new Map<string, string>();
  for (const entry of readdirSync(modules, { recursive: true, withFileTypes: true })) {
    if (MODULE_FILE.test(entry.name)) files.set(moduleName(entry.name), join(entry.parentPath, entry.name));
  }
  const list = join(modules, 'modules.builtin');
  const builtIn = existsSync(list) ? readFileSync(list, 'utf8').split('\n').filter(Boolean) : [];
  return { files, builtIn: new Set(builtIn.map(moduleName)) };
}

/**
 * The modules asked for and those they depend on, in an order in which they can be loaded; without those that are
 * built in. A module says itself what it depends on.
 *
 * @throws LabError when the kernel lacks one
 */
export async function modulesToLoad(
  release: string,
  index: ModuleIndex,
  names: readonly string[],
  run: CommandRunner,
): Promise<KernelModule[]> {
  const loaded = new Map<string, KernelModule>();
  const load = async (name: string): Promise<void> => {
    if (loaded.has(name) || index.builtIn.has(name)) return;
    const file = index.files.get(name);
    if (file === undefined) throw new LabError(`${release} has no module ${name}: boot another kernel`);
    const content = await readModule(file, run);
    for (const needed of dependenciesOf(file, content)) await load(needed);
    loaded.set(name, { name, content });
  };
  for (const name of names) await load(moduleName(name));
  return [...loaded.values()];
}

function dependenciesOf(file: string, content: Buffer): string[] {
  const elf = elfFile(content);
  if (elf === null) throw new LabError(`${file} is no kernel module`);
  return (moduleInformation(elf).depends ?? '').split(',').filter(Boolean).map(moduleName);
}

async function readModule(file: string, run: CommandRunner): Promise<Buffer> {
  const [, compression] = MODULE_FILE.exec(file) ?? [];
  if (compression === undefined) return readFileSync(file);
  if (compression === 'gz') return gunzipSync(readFileSync(file));
  const unpacker = UNPACKERS[compression];
  if (unpacker === undefined) throw new LabError(`${file} is compressed in an unknown way`);
  const { status, output, errors } = await run({ words: [...unpacker, file] });
  if (status !== 0) throw new LabError(`${file} cannot be decompressed: ${errors.trim()}`);
  return output;
}

/** The kernel takes `-` and `_` in a module's name for the same. */
function moduleName(file: string): string {
  return basename(file).replace(MODULE_FILE, '').replaceAll('-', '_');
}
