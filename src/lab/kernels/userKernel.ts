import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { LabError } from '../labError.ts';
import type { KernelImage } from './kernelImage.ts';

/** Linux: Documentation/arch/x86/boot.rst, the real-mode kernel header. */
const HEADER_MAGIC = { offset: 0x202, text: 'HdrS' };
const KERNEL_VERSION = { offset: 0x20e, base: 0x200 };
const SETUP_BYTES = 64 * 1024;

/**
 * A kernel of the user's own.
 *
 * @param vmlinuz path of a bzImage
 * @param modules path of `lib/modules/<release>`, or of the folder above it
 * @throws LabError when the file is no bzImage for x86, or the folder has no modules of its release
 */
export function userKernel(vmlinuz: string, modules: string): KernelImage {
  const release = releaseOf(vmlinuz);
  const folder = [resolve(modules), join(resolve(modules), release)].find(
    (candidate) => basename(candidate) === release && hasModules(candidate),
  );
  const image = { release, vmlinuz: resolve(vmlinuz) };
  if (folder !== undefined) return { ...image, modules: folder };
  // A folder of another name, such as our cache's, says nothing about its release; loading a module would.
  if (hasModules(modules) && !/^\d+\.\d+/.test(basename(resolve(modules)))) {
    return { ...image, modules: resolve(modules) };
  }
  throw new LabError(
    `${modules} has no modules for ${release}, the release of ${vmlinuz}: give its lib/modules/${release}`,
  );
}

/** What `uname -r` will say in a bzImage. */
export function releaseOf(vmlinuz: string): string {
  const setup = Buffer.alloc(SETUP_BYTES);
  let length: number;
  try {
    const file = openSync(vmlinuz, 'r');
    try {
      length = readSync(file, setup, 0, SETUP_BYTES, 0);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw new LabError(`${vmlinuz} cannot be read: ${(error as Error).message}`);
  }
  const { offset, text } = HEADER_MAGIC;
  const isImage =
    length > KERNEL_VERSION.offset + 2 && setup.toString('latin1', offset, offset + text.length) === text;
  const pointer = isImage ? setup.readUInt16LE(KERNEL_VERSION.offset) : 0;
  const start = pointer + KERNEL_VERSION.base;
  const release =
    pointer === 0
      ? ''
      : (setup.toString('latin1', start, Math.min(start + 200, length)).split(/[ \0]/)[0] ?? '');
  if (!/^\d+\.\d+/.test(release))
    throw new LabError(`${vmlinuz} is no bzImage for x86: give the vmlinuz of a kernel`);
  return release;
}

function hasModules(folder: string): boolean {
  const kernel = join(folder, 'kernel');
  return (
    statSync(kernel, { throwIfNoEntry: false })?.isDirectory() === true && readdirSync(kernel).length > 0
  );
}
