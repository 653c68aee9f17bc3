import { SYSTEM_CALLS, type SystemCall } from './systemCalls.ts';

/** Has one thread execute an operation of the agent: its result. */
export type Executor = (operation: string, ...args: readonly (number | string)[]) => Promise<number>;

/** Where the agent has a page for each thread (guest/agent.h). */
const SCRATCH = 0x3d0000000000;
const SCRATCH_BYTES = 4096;

/** What is for the moment of one call: texts, far from what `set` is used for. */
const TEXT = 2048;
const SECOND_TEXT = 3072;
/** Bytes between several short ones. */
const TEXT_STEP = 256;

const AT_FDCWD = -100;
const O_CLOEXEC = 0o2000000;
const CREATED_MODE = 0o600;
const PROT_READ_WRITE = 3;
const MAP_PRIVATE_ANONYMOUS = 0x22;

/** System calls of one thread, with memory of its own for what they take and give there. */
export class ThreadCalls {
  readonly execute: Executor;
  private readonly scratch: number;

  constructor(place: number, execute: Executor) {
    this.execute = execute;
    this.scratch = SCRATCH + place * SCRATCH_BYTES;
  }

  async call(name: SystemCall, ...args: readonly number[]): Promise<number> {
    return await this.execute('syscall', SYSTEM_CALLS[name], ...args);
  }

  /** Address of a byte of the thread's memory, from 0 to 2047. */
  at(offset: number): number {
    return this.scratch + offset;
  }

  /** Writes a number of so many bytes there. */
  async set(offset: number, value: number, bytes = 8): Promise<void> {
    await this.execute('set', this.at(offset), value, bytes);
  }

  /** The number there; below 2^53, or negative of 8 bytes. */
  async get(offset: number, bytes: 4 | 8): Promise<number> {
    return await this.execute('get', this.at(offset), bytes);
  }

  /** Writes a range of memory there, as `struct iovec`; its address. */
  async range(offset: number, address: number, bytes: number): Promise<number> {
    await this.set(offset, address);
    await this.set(offset + 8, bytes);
    return this.at(offset);
  }

  /** A descriptor, closed by exec; or a negative errno. */
  async open(path: string, flags: number): Promise<number> {
    return await this.call('openat', AT_FDCWD, await this.text(TEXT, path), flags | O_CLOEXEC, CREATED_MODE);
  }

  /** A system call that takes a path, such as unlinkat(2). */
  async callOnPath(name: SystemCall, path: string, ...args: readonly number[]): Promise<number> {
    return await this.call(name, AT_FDCWD, await this.text(TEXT, path), ...args);
  }

  /** Writes a text into a file that is there: 0, or a negative errno. `write` does what may take its time. */
  async put(
    path: string,
    text: string,
    write: (descriptor: number, address: number, bytes: number) => Promise<number> = (...args) =>
      this.call('write', ...args),
  ): Promise<number> {
    const descriptor = await this.open(path, O_WRONLY);
    if (descriptor < 0) return descriptor;
    const result = await write(descriptor, await this.text(SECOND_TEXT, text), text.length);
    await this.call('close', descriptor);
    return Math.min(result, 0);
  }

  /** What mount(2) takes for that: addresses of source, target, type, flags and options. */
  async mountArguments(source: string, target: string, type: string, options: string): Promise<number[]> {
    const [from = 0, to = 0, kind = 0, data = 0] = await this.texts([source, target, type, options]);
    return [from, to, kind, 0, data];
  }

  /** What umount2(2) takes for that: the address of the target, and flags. */
  async umountArguments(target: string): Promise<number[]> {
    return [await this.text(TEXT, target), 0];
  }

  /** The number that a file is; a negative errno. */
  async numberIn(path: string): Promise<number> {
    const descriptor = await this.open(path, 0);
    if (descriptor < 0) return descriptor;
    const bytes = await this.call('read', descriptor, this.at(SECOND_TEXT), NUMBER_BYTES);
    await this.call('close', descriptor);
    if (bytes < 0) return bytes;
    const digits: number[] = [];
    for (let byte = 0; byte < bytes; byte++)
      digits.push(await this.execute('load', this.at(SECOND_TEXT + byte)));
    return Number(String.fromCharCode(...digits).trim());
  }

  /** Lets something be done with so many bytes of zeros, which are gone afterwards. */
  async withBuffer<Value>(bytes: number, use: (address: number) => Promise<Value>): Promise<Value> {
    const length = bytes > 0 ? bytes : 1;
    const address = await this.call('mmap', 0, length, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0);
    const value = await use(address);
    await this.call('munmap', address, length);
    return value;
  }

  /** Becomes a program that ends at once; returns only if that fails. */
  async exec(execute: (operation: string, ...args: readonly number[]) => Promise<number>): Promise<number> {
    const path = await this.text(TEXT, ENDS_AT_ONCE);
    await this.set(0, path);
    await this.set(8, 0);
    return await execute('syscall', SYSTEM_CALLS.execve, path, this.at(0), 0);
  }

  /** Addresses of short texts that are put there. */
  private async texts(texts: readonly string[]): Promise<number[]> {
    const addresses: number[] = [];
    for (const [index, text] of texts.entries()) {
      addresses.push(await this.text(TEXT + index * TEXT_STEP, text));
    }
    return addresses;
  }

  /** Address of a text that is put there. */
  private async text(offset: number, text: string): Promise<number> {
    await this.execute('text', this.at(offset), text);
    return this.at(offset);
  }
}

const O_WRONLY = 1;
const NUMBER_BYTES = 32;
const ENDS_AT_ONCE = '/bin/true';
