import { describe, expect, it } from 'vitest';
import { isOperationName, OPERATIONS, operationNamed, signatureOf } from '../../../src/litmus/index.ts';
import { fileOperations } from '../../../src/litmus/operations/fileOperations.ts';
import { wordsOf } from '../../../src/litmus/resolve/words.ts';
import { KEYWORDS } from '../../../src/litmus/syntax/keywords.ts';
import { errorsOf, testWith } from '../support/inspect.ts';

describe('the operation table', () => {
  it('has every operation once, and finds it by its name', () => {
    const names = OPERATIONS.map((operation) => operation.name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.every((name) => operationNamed(name).name === name)).toBe(true);
    expect(isOperationName('constructor')).toBe(false);
  });

  it.each(OPERATIONS.map((operation) => [signatureOf(operation), operation] as const))(
    'has one meaning for every word of %s',
    (_signature, operation) => {
      expect(KEYWORDS[operation.name]).toBeUndefined();
      const names = operation.parameters.map((parameter) => parameter.name);
      const words = operation.parameters.flatMap(wordsOf);
      expect(new Set(names).size).toBe(names.length);
      expect(new Set(words).size).toBe(words.length);
      expect(operation.doc).toMatch(/^[A-Z/a-z].*\.$/);
      expect(operation.returns).not.toBe('');
      const places = operation.parameters.filter((parameter) => !parameter.namedOnly);
      const firstOptional = places.findIndex((parameter) => !parameter.required);
      const lastRequired = places.findLastIndex((parameter) => parameter.required);
      // mmap alone has an optional place before a required one: an offset that is 0 unless given.
      expect(firstOptional < 0 || firstOptional > lastRequired || operation.name === 'mmap').toBe(true);
      for (const { type, fallback, required } of operation.parameters) {
        expect(required && fallback !== null).toBe(false);
        expect(
          typeof fallback !== 'string' || (type.kind === 'choice' && type.words.includes(fallback)),
        ).toBe(true);
      }
    },
  );

  it('knows how to write every operation on devices and memory', () => {
    const body = `m = mmap(d, 0, 2M, rw, shared, populate, locked, fixed, sync, noreserve, at=0x10000)
      r = load(m, 0) store(m, 0, 1) mprotect(m, rx) mprotect(m, none, 0, 4K) mremap(m, 4M) mremap(m, 4M, to=0x20000)
      madvise(m, DONTNEED) madvise(m, POPULATE_WRITE, 0, 4K) mlock(m) munlock(m, 0, 4K) mlockall(current, future)
      munlockall() msync(m, 0, 4K) p = pin(m, 0, 4K, write, longterm) b = dma_read(p, 0) dma_write(p, 0, 1) unpin(p)
      g = get(m, 0, 4K, read) put(g) v = vmsplice(m, 0, 4K, gift) w = tee(v) splice(w) pipe_drain(v, 100)
      close_pipe(v) put(w) u = io_uring_register(m, 0, 4K) io_uring_unregister(u) q = io_submit(m, 0, 4K, read)
      io_getevents(q) odirect_write(m, 0, 512) odirect_read(m, 0, 512) pagemap(m, 0) mincore(m, 0) smaps_rss(m)
      clear_refs(4) peek(P, m, 0) poke(P, m, 0, 1) proc_mem_read(m, 0) proc_mem_write(m, 0, 1) pipe_write(m, 0, 10)
      pipe_read(m, 0, 10) f = open(d) k = open_device(d) n = mmap(f, 0, 4K, r, private) close(f) close(k) close(u)
      fd_read(d, 0) fd_write(d, 0, 1) unbind(d) bind(d) barrier(X) munmap(m) munmap(n, offset=0, length=4K)
      pipe_byte(v) peek_byte(P, m, 0) fd_lseek(d) fd_ftruncate(d, 4K) fd_fallocate(d, punch, 0, 4K)
      fd_splice(d, 4K) fd_sendfile(d, 4K) vmsplice(m, 0, 4K, pipe=v) open(d, wronly)
      fork C { exec() } fork D { exit() } fork E { exit(3) } fork F { exit(SIGKILL) }`;
    expect(errorsOf(testWith(body))).toEqual([]);
    const used = new Set(body.match(/[a-z_]+(?=\()/g));
    const missing = OPERATIONS.filter(
      ({ name }) => !Object.hasOwn(fileOperations, name) && !used.has(name),
    ).map(({ name }) => name);
    expect(missing).toEqual([]);
  });

  it('knows how to write every operation on files', () => {
    const source = `DAX t device d = fsdax(size=4M) process P {
      f = open(d, "a", create, size=64K) g = open(d, "b") ftruncate(f, 4K) fallocate(f, zero, 0, 4K) punch(f, 0, 4K)
      fallocate(f, allocate, 0, 8K, keep_size) fsync(f) fdatasync(f) reflink(f, g) m = mmap(f, 0, 4K, rw, sync)
      n = mmap(f, 0, 4K, rw, private) madvise(m, REMOVE) msync(m) read(f, 0) write(f, 0, 1) unlink(d, "a") close(g)
      umount(d) mount(d) crash() }`;
    expect(errorsOf(source)).toEqual([]);
    const missing = Object.keys(fileOperations).filter((name) => !source.includes(`${name}(`));
    expect(missing).toEqual([]);
  });
});
