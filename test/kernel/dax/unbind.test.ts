import { describe, expect, it } from 'vitest';
import type { KernelThread } from '../../../src/compile/link/thread.ts';
import { EFAULT } from '../../../src/kernel/common/include/errno.ts';
import { dax_device, dev_pagemap } from '../../../src/kernel/state/dax.ts';
import { AT, GupKernel, PAGE, RW } from '../gup/gupKernel.ts';

function finish(thread: KernelThread): number {
  while (!thread.done) thread.step();
  return thread.result;
}

function runUntilBlocked(thread: KernelThread): void {
  while (!thread.done && !thread.blocked) thread.step();
}

describe.each(['devmap', 'refcount'] as const)('unbinding under the %s scheme', (scheme) => {
  function prepared(align = 1): GupKernel {
    const kernel = new GupKernel(scheme, align);
    kernel.process(1, 2 * align * PAGE);
    kernel.touch(1, AT, 65);
    return kernel;
  }

  it('does not wait for a pin, whose end then counts on a fresh page', () => {
    const kernel = prepared();
    const pipe = kernel.call('vmsplice', 1, AT, PAGE);
    expect(kernel.call('device_unbind', 0)).toBe(0);
    expect(kernel.call('pipe_drain', pipe, PAGE)).toBe(-EFAULT);
    kernel.call('device_bind', 0);
    expect(kernel.counts().refcount).toBe(1);
    kernel.call('pipe_release', pipe);
    expect(kernel.counts().refcount).toBe(scheme === 'devmap' ? 0 : 1);
    expect(kernel.warnings).toHaveLength(scheme === 'devmap' ? 1 : 0);
  });

  it('waits for who holds the pgmap, however long', () => {
    const kernel = prepared();
    const pgmap = kernel.call('get_dev_pagemap', 4 * 262144);
    expect(pgmap).toBe(1);
    const thread = kernel.thread(1, 'device_unbind', 0);
    runUntilBlocked(thread);
    expect(thread.pending?.primitive).toBe('wait_until_set');
    expect(kernel.pgmapRef()).toBe(1);
    expect(kernel.call('get_dev_pagemap', 4 * 262144)).toBe(0);
    kernel.call('put_dev_pagemap', pgmap);
    expect(finish(thread)).toBe(0);
    expect(kernel.pgmapRef()).toBe(0);
    expect(kernel.warnings).toEqual([]);
  });

  it('waits for a fault that saw the device alive, and zaps what it put in', () => {
    const kernel = prepared();
    const fault = kernel.thread(2, 'handle_mm_fault', 1, AT / PAGE + 1, 0);
    while (fault.pending?.primitive !== 'srcu_read_unlock') fault.step();
    expect(kernel.leaf(1, AT / PAGE + 1)).toBeDefined();
    const thread = kernel.thread(1, 'device_unbind', 0);
    runUntilBlocked(thread);
    expect(thread.pending?.primitive).toBe('srcu_grace_period_wait');
    expect(kernel.machine.memory.of(dax_device).flags.get(0)).toBe(0);
    finish(fault);
    expect(finish(thread)).toBe(0);
    expect(kernel.leaf(1, AT / PAGE + 1)).toBeUndefined();
  });

  it.each([1, 512])(
    'lets GUP-fast leave the struct pages before it removes them (%i pages an entry)',
    (align) => {
      const kernel = prepared(align);
      const pin = kernel.thread(2, 'gup_fast', 1, AT / PAGE, AT / PAGE + 1, 8);
      while (pin.pending?.primitive !== 'atomic_add_unless_zero') pin.step();
      const thread = kernel.thread(1, 'device_unbind', 0);
      for (let step = 0; step < 10_000 && !thread.done; step++) thread.step();
      expect(thread.done).toBe(false);
      expect(kernel.machine.memory.of(dev_pagemap).memmap.get(0)).toBe(1);
      expect(finish(pin)).toBe(0);
      expect(kernel.counts().refcount).toBe(1 + (kernel.leaf(1, AT / PAGE) && scheme === 'refcount' ? 1 : 0));
      expect(finish(thread)).toBe(0);
      expect(kernel.machine.memory.of(dev_pagemap).memmap.get(0)).toBe(0);
      expect(kernel.warnings).toEqual([]);
    },
  );

  it('takes turns with another unbind and with bind', () => {
    const kernel = prepared();
    const first = kernel.thread(0, 'device_unbind', 0);
    const second = kernel.thread(1, 'device_unbind', 0);
    while (first.pending?.primitive !== 'atomic_andnot') first.step();
    runUntilBlocked(second);
    const bind = kernel.thread(2, 'device_bind', 0);
    runUntilBlocked(bind);
    expect(bind.pending?.primitive).toBe('spin_lock');
    expect(finish(first)).toBe(0);
    expect(finish(second)).toBe(0);
    expect(finish(bind)).toBe(0);
    expect(kernel.counts().refcount).toBe(1);
  });

  it('says so if a reference of the pgmap is asked for after its counter was freed', () => {
    const kernel = prepared();
    kernel.call('device_unbind', 0);
    kernel.machine.memory.of(dev_pagemap).published.set(0, 1);
    expect(kernel.call('get_dev_pagemap', 4 * 262144)).toBe(0);
    expect(kernel.warnings).toEqual(['percpu_ref: used after percpu_ref_exit']);
  });

  it('leaves other mappings of the process alone', () => {
    const kernel = prepared();
    kernel.mapped(1, AT + 2 ** 30, PAGE, RW, PAGE);
    kernel.touch(1, AT + 2 ** 30, 66);
    kernel.call('device_unbind', 0);
    kernel.call('device_bind', 0);
    expect(kernel.call('cpu_load', 1, AT + 2 ** 30)).toBe(66);
    expect(kernel.counts(1).refcount).toBe(scheme === 'refcount' ? 2 : 1);
  });
});
