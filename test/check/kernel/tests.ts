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
};
