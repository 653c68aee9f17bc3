import { onSmallPages } from '../../run/support/execute.ts';

/** Small tests in which threads meet; every search of them takes a fraction of a second. */
export const concurrentTests: Readonly<Record<string, string>> = {
  'pin beside munmap': onSmallPages(`process P {
    m = mmap(d, offset=0, length=8K, prot=rw)
    store(m, 0, 7)
    thread A { munmap(m) }
    thread B { p = pin(m, 0, 4K, write)
               dma_write(p, 0, 9)
               unpin(p) }
  }
  finally d[0].refcount == idle`),
  'fault beside unbind': onSmallPages(`process P {
    m = mmap(d, offset=0, length=4K, prot=rw)
    thread A { r = load(m, 0) }
    thread B { a = unbind(d) }
  }
  finally a == 0`),
  'mprotect beside store': onSmallPages(`process P {
    m = mmap(d, offset=0, length=4K, prot=rw)
    store(m, 0, 1)
    thread A { a = mprotect(m, r) }
    thread B { r = store(m, 0, 2) }
    s = load(m, 0)
  }`),
  'two processes and a barrier': onSmallPages(`process P {
    m = mmap(d, offset=0, length=4K, prot=rw)
    store(m, 0, 1)
    barrier(go)
    r = load(m, 0)
  }
  process Q {
    barrier(go)
    a = unbind(d)
    b = bind(d)
  }`),
  'a child beside its parent’s thread': onSmallPages(`process P {
    m = mmap(d, offset=0, length=4K, prot=rw)
    store(m, 0, 5)
    fork C { r = load(m, 0) }
    thread A { a = munmap(m) }
  }`),
  'a store beside the cutting of its file': `DAX test
    device d = fsdax(size=64K)
    process P {
      f = open(d, "a", create, size=8K)
      m = mmap(f, offset=0, length=8K, prot=rw)
      store(m, 4K, 1)
      thread A { a = ftruncate(f, 4K) }
      thread B { b = store(m, 4K, 2) }
      assert !f[1].present
    }
    finally a == 0 && (b == 0 || b == SIGBUS)`,
  'a pin beside the cutting of its file, and another file': `DAX test
    device d = fsdax(size=64K, fs=xfs)
    process P {
      f = open(d, "a", create, size=4K)
      m = mmap(f, offset=0, length=4K, prot=rw)
      p = pin(m, 0, 4K, write)
      munmap(m)
      thread A { a = ftruncate(f, 0)
                 g = open(d, "b", create, size=4K) }
      thread B { dma_write(p, 0, 9)
                 unpin(p) }
    }
    hazard[devmap] kernel-warning "nobody looks for pins where nothing is mapped"
    hazard[devmap] dma-to-reused "nobody looks for pins where nothing is mapped"`,
  'a store beside fsync': `DAX test
    device d = fsdax(size=64K)
    process P {
      f = open(d, "a", create, size=4K)
      m = mmap(f, offset=0, length=4K, prot=rw)
      store(m, 0, 1)
      thread A { a = fsync(f) }
      thread B { b = store(m, 0, 2) }
      crash()
      f = open(d, "a")
      r = read(f, 0)
    }
    finally a == 0 && b == 0 && (r == 1 || r == 2)`,
};
