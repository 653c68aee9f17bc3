import { describe, expect, it } from 'vitest';
import { EAGAIN, EFAULT, EINVAL, EIO, ENXIO } from '../../../src/kernel/common/include/errno.ts';
import { PG_dirty, PG_referenced } from '../../../src/kernel/state/memmap.ts';
import { AT, GupKernel, PAGE, RO } from './gupKernel.ts';

/*
 * Counts as real kernels 6.12 (devmap) and 7.3 (refcount) showed them, in the scenarios named vmsplice-*, uring-register*,
 * odirect-*, process-vm-* and proc-mem of the read-backs from device-DAX of 4K and 2M alignment.
 */
describe.each(['devmap', 'refcount'] as const)('references under the %s scheme', (scheme) => {
  /** What one mapping adds to the reference count. */
  const mapping = scheme === 'refcount' ? 1 : 0;

  describe('on small pages', () => {
    function prepared(pages = 4): GupKernel {
      const kernel = new GupKernel(scheme, 1);
      kernel.process(1, pages * PAGE);
      return kernel;
    }

    it('a pin counts 1024 and outlives the mapping', () => {
      const kernel = prepared();
      kernel.touch(1, AT);
      const pin = kernel.call('pin_pages', 1, AT, PAGE, 1, 0);
      expect(kernel.held(pin)).toBe(1);
      expect(kernel.counts().refcount).toBe(1 + mapping + 1024);
      expect(kernel.call('sys_munmap', 1, AT, 4 * PAGE)).toBe(0);
      expect(kernel.counts().refcount).toBe(1 + 1024);
      expect(kernel.call('unpin_pages', pin)).toBe(0);
      expect(kernel.counts()).toEqual({ refcount: 1, pincount: 0 });
      expect(kernel.call('unpin_pages', pin)).toBe(-EINVAL);
    });

    it('a pin of what nobody touched yet faults it in', () => {
      const kernel = prepared();
      const pin = kernel.call('pin_pages', 1, AT + 100, 2 * PAGE, 0, 0);
      expect(kernel.held(pin)).toBe(3);
      for (const index of [0, 1, 2]) expect(kernel.counts(index).refcount).toBe(1 + mapping + 1024);
      expect(kernel.counts(3).refcount).toBe(1);
      expect(kernel.leaf(1, AT / PAGE)?.level).toBe('pte');
    });

    it('get counts one a page', () => {
      const kernel = prepared();
      const got = kernel.call('get_pages', 1, AT, 2 * PAGE, 0);
      expect(kernel.counts(1).refcount).toBe(2 + mapping);
      expect(kernel.call('put_pages', got)).toBe(0);
      expect(kernel.counts(1).refcount).toBe(1 + mapping);
      expect(kernel.call('put_pages', got)).toBe(-EINVAL);
    });

    it('vmsplice counts one a buffer, tee one more, and reading drops a buffer at its end', () => {
      const kernel = prepared();
      kernel.touch(1, AT);
      const first = kernel.call('vmsplice', 1, AT + 100, 50);
      const second = kernel.call('vmsplice', 1, AT + PAGE - 8, 16);
      expect(kernel.counts(0).refcount).toBe(3 + mapping);
      expect(kernel.counts(1).refcount).toBe(2 + mapping);
      expect(kernel.call('pipe_drain', first, 20)).toBe(20);
      expect(kernel.counts(0).refcount).toBe(3 + mapping);
      expect(kernel.call('pipe_drain', first, 46)).toBe(30);
      expect(kernel.counts(0).refcount).toBe(2 + mapping);
      const copy = kernel.call('tee', second);
      expect(kernel.counts(1).refcount).toBe(3 + mapping);
      expect(kernel.call('pipe_drain', second, 8)).toBe(8);
      expect(kernel.counts(0).refcount).toBe(2 + mapping);
      expect(kernel.call('pipe_drain', second, 8)).toBe(8);
      expect(kernel.call('pipe_drain', second, 8)).toBe(-EAGAIN);
      expect(kernel.call('tee', second)).toBe(-EAGAIN);
      expect(kernel.call('pipe_release', copy)).toBe(0);
      expect(kernel.counts(0).refcount).toBe(1 + mapping);
      expect(kernel.counts(1).refcount).toBe(1 + mapping);
      expect(kernel.call('pipe_release', copy)).toBe(-EINVAL);
    });

    it('vmsplice fills a pipe of 16 buffers, and keeps nothing of the rest', () => {
      const kernel = prepared(40);
      const pipe = kernel.call('vmsplice', 1, AT + 1, 40 * PAGE - 1);
      expect(kernel.held(pipe)).toBe(16);
      expect(kernel.counts(15).refcount).toBe(2 + mapping);
      expect(kernel.counts(16).refcount).toBe(1 + mapping);
      expect(kernel.counts(32).refcount).toBe(1);
      expect(kernel.call('splice_to_file', pipe)).toBe(16 * PAGE - 1);
      expect(kernel.counts(15).refcount).toBe(1 + mapping);
    });

    it('a registered buffer pins every page, for good and for writing', () => {
      const kernel = prepared();
      const ring = kernel.call('io_uring_register_buffers', 1, AT, 2 * PAGE);
      expect(kernel.counts(0).refcount).toBe(1025 + mapping);
      expect(kernel.counts(1).refcount).toBe(1025 + mapping);
      expect(kernel.call('io_uring_unregister', ring)).toBe(0);
      expect(kernel.counts(0).refcount).toBe(1 + mapping);
      expect(kernel.call('io_uring_unregister', ring)).toBe(-ENXIO);
      expect(kernel.call('io_uring_register_buffers', 1, AT, 0)).toBe(-EFAULT);
      expect(kernel.call('io_uring_register_buffers', 1, AT, 2 ** 30 + PAGE)).toBe(-EFAULT);
    });

    it('a registered buffer of which a part is not mapped keeps no pin', () => {
      const kernel = prepared(2);
      expect(kernel.call('io_uring_register_buffers', 1, AT, 3 * PAGE)).toBe(-EFAULT);
      expect(kernel.counts(0).refcount).toBe(1 + mapping);
      expect(kernel.holders()).toBe(0);
    });

    it('O_DIRECT pins while it is in flight, and marks what it reads into dirty', () => {
      const kernel = prepared();
      kernel.call('cpu_load', 1, AT);
      const out = kernel.call('io_submit_direct', 1, AT, 512, 0);
      expect(kernel.counts().refcount).toBe(1025 + mapping);
      expect(kernel.call('io_getevents', out)).toBe(512);
      expect(kernel.page(0).flags & PG_dirty).toBe(0);
      const into = kernel.call('io_submit_direct', 1, AT, 2 * PAGE, 1);
      expect(kernel.counts(1).refcount).toBe(1025 + mapping);
      expect(kernel.page(1).flags & PG_dirty).toBe(PG_dirty);
      expect(kernel.call('io_getevents', into)).toBe(2 * PAGE);
      expect(kernel.counts(1).refcount).toBe(1 + mapping);
      expect(kernel.call('io_getevents', into)).toBe(-EINVAL);
      expect(kernel.call('odirect_sync', 1, AT, PAGE, 1)).toBe(PAGE);
      expect(kernel.call('odirect_sync', 1, AT, 100, 1)).toBe(-EINVAL);
      expect(kernel.counts(0).refcount).toBe(1 + mapping);
    });

    it('a failed O_DIRECT request answers when it is waited for', () => {
      const kernel = prepared(1);
      const request = kernel.call('io_submit_direct', 1, AT + PAGE, PAGE, 1);
      expect(request).toBeGreaterThan(0);
      expect(kernel.call('io_getevents', request)).toBe(-EFAULT);
    });

    it('a device works through the pinned pages, whatever is mapped by then', () => {
      const kernel = prepared();
      kernel.touch(1, AT + PAGE, 77);
      const pin = kernel.call('pin_pages', 1, AT + PAGE - 1, 3, 1, 0);
      expect(kernel.call('dma_read', pin, 1)).toBe(77);
      kernel.call('sys_munmap', 1, AT, 4 * PAGE);
      expect(kernel.call('dma_write', pin, 2, 78)).toBe(0);
      kernel.mapped(1, AT, 4 * PAGE, RO, 0);
      expect(kernel.call('cpu_load', 1, AT + PAGE + 1)).toBe(78);
      expect(kernel.call('dma_read', pin, 2 * PAGE)).toBe(-EINVAL);
    });

    it('another process reads and writes through process_vm_readv and writev, and leaves no reference', () => {
      const kernel = prepared();
      kernel.runIn(1, 2);
      expect(kernel.call('process_vm_write', 1, AT + 5, 67)).toBe(1);
      expect(kernel.counts()).toEqual({ refcount: 1 + mapping, pincount: 0 });
      expect(kernel.call('process_vm_read', 1, AT + 5, 1)).toBe(1);
      kernel.runIn(0, 1);
      expect(kernel.call('cpu_load', 1, AT + 5)).toBe(67);
      expect(kernel.call('process_vm_read', 1, AT + 4 * PAGE, 1)).toBe(-EFAULT);
    });

    it('/proc/self/mem reads and writes, but not into a shared mapping that is read-only', () => {
      const kernel = prepared();
      expect(kernel.call('proc_mem_write', 1, AT, 81)).toBe(1);
      expect(kernel.call('proc_mem_read', 1, AT)).toBe(81);
      kernel.mapped(1, AT + 2 ** 30, PAGE, RO, 0);
      expect(kernel.call('proc_mem_write', 1, AT + 2 ** 30, 82)).toBe(-EIO);
      expect(kernel.call('proc_mem_read', 1, AT + 2 ** 30)).toBe(81);
      expect(kernel.counts().refcount).toBe(1 + 2 * mapping);
      expect(kernel.page(0).flags & PG_dirty).toBe(PG_dirty);
    });

    it('exit closes what is left', () => {
      const kernel = prepared();
      kernel.call('pin_pages', 1, AT, PAGE, 1, 1);
      kernel.call('get_pages', 1, AT, PAGE, 0);
      kernel.call('vmsplice', 1, AT, PAGE);
      kernel.call('io_uring_register_buffers', 1, AT, PAGE);
      kernel.call('io_submit_direct', 1, AT, PAGE, 1);
      expect(kernel.counts().refcount).toBe(1 + mapping + 3 * 1024 + 2);
      kernel.call('release_holders_of_mm', 2);
      expect(kernel.holders()).toBe(5);
      kernel.call('release_holders_of_mm', 1);
      expect(kernel.counts().refcount).toBe(1 + mapping);
      expect(kernel.holders()).toBe(0);
    });

    it('no call leaves anything behind in its own memory, nor a reference on the pgmap', () => {
      const kernel = prepared();
      const before = kernel.pgmapRef();
      const pin = kernel.call('pin_pages', 1, AT, 2 * PAGE, 0, 0);
      kernel.call('pin_pages', 1, AT + PAGE, 4 * PAGE, 1, 1);
      kernel.call('vmsplice', 1, AT, 2 * PAGE);
      kernel.call('unpin_pages', pin);
      expect(kernel.leftovers(0)).toBe(0);
      expect(kernel.pgmapRef()).toBe(before);
      expect(kernel.warnings).toEqual([]);
    });

    it('marks the page used', () => {
      const kernel = prepared();
      kernel.call('cpu_load', 1, AT);
      kernel.call('get_pages', 1, AT, PAGE, 0);
      expect(kernel.page(0).flags & PG_referenced).toBe(PG_referenced);
    });
  });

  describe('on folios of 2 MiB', () => {
    const FOLIO = 512 * PAGE;

    function prepared(): GupKernel {
      const kernel = new GupKernel(scheme, 512);
      kernel.process(1, 2 * FOLIO);
      kernel.touch(1, AT);
      return kernel;
    }

    it('a pin counts one reference and one pin a page', () => {
      const kernel = prepared();
      const pin = kernel.call('pin_pages', 1, AT + PAGE, 2 * PAGE, 1, 0);
      expect(kernel.counts()).toEqual({ refcount: 3 + mapping, pincount: 2 });
      expect(kernel.call('unpin_pages', pin)).toBe(0);
      expect(kernel.counts()).toEqual({ refcount: 1 + mapping, pincount: 0 });
    });

    it('a pin reaches over folios, of which the second has to be faulted in', () => {
      const kernel = prepared();
      const pin = kernel.call('pin_pages', 1, AT + FOLIO - PAGE, 3 * PAGE, 0, 0);
      expect(kernel.held(pin)).toBe(3);
      expect(kernel.counts(0)).toEqual({ refcount: 2 + mapping, pincount: 1 });
      expect(kernel.counts(512)).toEqual({ refcount: 3 + mapping, pincount: 2 });
      expect(kernel.call('unpin_pages', pin)).toBe(0);
      expect(kernel.counts(512)).toEqual({ refcount: 1 + mapping, pincount: 0 });
    });

    it('vmsplice counts one a page', () => {
      const kernel = prepared();
      const pipe = kernel.call('vmsplice', 1, AT, 16 * PAGE);
      expect(kernel.counts()).toEqual({ refcount: 17 + mapping, pincount: 0 });
      expect(kernel.call('pipe_drain', pipe, 16 * PAGE)).toBe(16 * PAGE);
      expect(kernel.counts()).toEqual({ refcount: 1 + mapping, pincount: 0 });
    });

    it('a registered buffer pins each folio once', () => {
      const kernel = prepared();
      const ring = kernel.call('io_uring_register_buffers', 1, AT + PAGE, FOLIO);
      expect(kernel.held(ring)).toBe(2);
      expect(kernel.counts(0)).toEqual({ refcount: 2 + mapping, pincount: 1 });
      expect(kernel.counts(512)).toEqual({ refcount: 2 + mapping, pincount: 1 });
      expect(kernel.call('io_uring_unregister', ring)).toBe(0);
      expect(kernel.counts(0)).toEqual({ refcount: 1 + mapping, pincount: 0 });
      expect(kernel.counts(512)).toEqual({ refcount: 1 + mapping, pincount: 0 });
    });

    it('a registered buffer over parts of folios that are no neighbours pins every page', () => {
      const kernel = prepared();
      kernel.mapped(1, AT + 2 * FOLIO, FOLIO, RO | 2, 0);
      const ring = kernel.call('io_uring_register_buffers', 1, AT + 2 * FOLIO - PAGE, 2 * PAGE);
      expect(kernel.held(ring)).toBe(2);
      expect(kernel.counts(512).pincount).toBe(1);
      expect(kernel.counts(0).pincount).toBe(1);
      const whole = kernel.call('io_uring_register_buffers', 1, AT + FOLIO, FOLIO + PAGE);
      expect(kernel.held(whole)).toBe(2);
      const middle = kernel.call('io_uring_register_buffers', 1, AT + PAGE, 2 * FOLIO);
      expect(kernel.held(middle)).toBe(3);
      for (const owner of [ring, whole, middle]) kernel.call('io_uring_unregister', owner);
      expect(kernel.counts(0).pincount + kernel.counts(512).pincount).toBe(0);
      expect(kernel.warnings).toEqual([]);
    });

    it('O_DIRECT pins every page', () => {
      const kernel = prepared();
      const request = kernel.call('io_submit_direct', 1, AT, 2 * PAGE, 1);
      expect(kernel.counts()).toEqual({ refcount: 3 + mapping, pincount: 2 });
      kernel.call('io_getevents', request);
      expect(kernel.counts()).toEqual({ refcount: 1 + mapping, pincount: 0 });
    });
  });

  it('pins pages of a 1 GiB folio by its one entry', () => {
    const kernel = new GupKernel(scheme, 262144);
    kernel.process(1, 2 ** 30);
    const pin = kernel.call('pin_pages', 1, AT + 3 * PAGE, 1000 * PAGE, 1, 1);
    expect(kernel.held(pin)).toBe(1000);
    expect(kernel.counts()).toEqual({ refcount: 1001 + mapping, pincount: 1000 });
    const again = kernel.call('pin_pages', 1, AT, 5 * PAGE, 0, 0);
    expect(kernel.counts().pincount).toBe(1005);
    kernel.call('unpin_pages', again);
    kernel.call('unpin_pages', pin);
    expect(kernel.counts()).toEqual({ refcount: 1 + mapping, pincount: 0 });
  });
});
