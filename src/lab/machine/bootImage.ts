import { writeFileSync } from 'node:fs';
import { elfFile } from '../initramfs/elfFile.ts';
import { extractVmlinux } from '../kernels/vmlinux.ts';
import type { CommandRunner } from '../process/runCommand.ts';

/** Linux: include/xen/interface/elfnote.h: the note that says where to enter the kernel without its boot loader's part. */
const XEN_ELFNOTE_PHYS32_ENTRY = 18;
const XEN_OWNER = 'Xen\0';
const NOTE_HEADER_BYTES = 12;

/**
 * Puts what QEMU is to boot into a file: the uncompressed kernel if it can be entered directly, which spares an emulated
 * processor seconds.
 *
 * @returns the path of what to boot: the new file, or the bzImage itself
 */
export async function bootImage(vmlinuz: string, file: string, run: CommandRunner): Promise<string> {
  const vmlinux = await extractVmlinux(vmlinuz, run);
  if (vmlinux === null || !hasDirectEntry(vmlinux)) return vmlinuz;
  writeFileSync(file, vmlinux);
  return file;
}

function hasDirectEntry(vmlinux: Buffer): boolean {
  const notes = elfFile(vmlinux)?.section('.notes') ?? Buffer.alloc(0);
  for (let at = 0; at + NOTE_HEADER_BYTES <= notes.length; ) {
    const nameBytes = notes.readUInt32LE(at);
    const contentBytes = notes.readUInt32LE(at + 4);
    const type = notes.readUInt32LE(at + 8);
    const name = at + NOTE_HEADER_BYTES;
    if (type === XEN_ELFNOTE_PHYS32_ENTRY && notes.toString('latin1', name, name + nameBytes) === XEN_OWNER)
      return true;
    at = name + inWords(nameBytes) + inWords(contentBytes);
  }
  return false;
}

/** Names and contents of notes end at multiples of 4. */
function inWords(bytes: number): number {
  return Math.ceil(bytes / 4) * 4;
}
