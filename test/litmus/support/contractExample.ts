/** The example that the language was designed around; the formatter leaves it as it is. */
export const EXAMPLE = `DAX pin-outlives-munmap
"A pin taken before munmap() keeps its page: the device gets it back only after the unpin."

device d = devdax(size=4M, align=4K)

process P {
  m = mmap(d, offset=0, length=8K, prot=rw)
  store(m, 0, 7)
  assert[devmap]   d[0].refcount == 1
  assert[refcount] d[0].refcount == 2

  thread A { munmap(m) }
  thread B { p = pin(m, 0, 4K, write)
             dma_write(p, 0, 9)
             unpin(p) }
}

finally d[0].refcount == idle && d[0].mapcount == 0 && d[0].pincount == 0
exists  p == EFAULT
exists  p == 1
`;

/** A test that uses every construct, for the tests that mangle it. */
export const EVERYTHING = `# comment at the top
DAX all-of-it "a sentence with \\"quotes\\" and \\\\"
device d = devdax(size=4M, align=2M)   # trailing
device e = fsdax(size=4M, fs=xfs)

process P {
  # a group
  m = mmap(d, offset=0, length=8K, prot=rw, populate, at=0x7f0000000000)
  r = load(m, 4K + 1)

  repeat 3 { store(m, 0, (r + 1) % 256) }
  fork C { x = load(m, 0)
           assert[devmap] x == 0 || x < 0 }
  thread A { p = pin(m, 0, 4K, write, longterm) barrier(B) }
  thread T {
    barrier(B)
    assert m.pte[0].present == 1 && !m.pte[r].dirty # here
  }
  f = open(e, "name", create, size=64K)
  assert f[0].present == false || f[0].refcount == idle
}

process Q { poke(P, m, 0, 1) exit(SIGKILL) }

always d[0].refcount >= -1 && d.bound <= true
finally[refcount] d[1023].refcount == idle
exists P.p == EFAULT
never C.x != 0 && d.pgmap.ref * 2 / 1 - 1 > d.size
hazard[refcount] memmap-after-teardown "unbind does not wait for pins"
`;
