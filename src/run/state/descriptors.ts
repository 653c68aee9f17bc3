import type { FileId } from '../../kernel/state/numbers.ts';
import type { Memory } from '../../machine/memory.ts';
import { descriptor, descriptorSlot, process } from './process.ts';

/** The descriptor tables of a test's processes, as words of its memory. */
export class Descriptors {
  private readonly files: (typeof descriptor)['file'];
  private readonly used: (typeof process)['descriptors'];

  constructor(memory: Memory) {
    this.files = memory.of(descriptor).file;
    this.used = memory.of(process).descriptors;
  }

  /** The open file behind a number; 0 when it is closed. */
  fileOf(owner: number, number: number): FileId {
    return this.files.get(descriptorSlot(owner, number));
  }

  /** Gives an open file the next number. */
  install(owner: number, file: FileId): number {
    const number = this.used.get(owner);
    this.files.set(descriptorSlot(owner, number), file);
    this.used.set(owner, number + 1);
    return number;
  }

  close(owner: number, number: number): void {
    this.files.set(descriptorSlot(owner, number), 0);
  }

  /** The open files of a process, one for each of its descriptors. */
  openFiles(owner: number): FileId[] {
    const files: FileId[] = [];
    for (let number = 0; number < this.used.get(owner); number++) {
      const file = this.fileOf(owner, number);
      if (file !== 0) files.push(file);
    }
    return files;
  }

  /** fork: the child has the same files under the same numbers. */
  copy(parent: number, child: number): void {
    for (let number = 0; number < this.used.get(parent); number++) {
      this.files.set(descriptorSlot(child, number), this.fileOf(parent, number));
    }
    this.used.set(child, this.used.get(parent));
  }

  /** All are closed. */
  clear(owner: number): void {
    for (let number = 0; number < this.used.get(owner); number++) this.close(owner, number);
    this.used.set(owner, 0);
  }
}
