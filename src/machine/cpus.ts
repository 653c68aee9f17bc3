import type { Brand, Cpu, Entry } from './brand.ts';
import { defineStruct, type Struct } from './field.ts';

/** More CPUs than any test has threads; pairs of CPUs are numbered `reader * CPU_LIMIT + waiter`. */
export const CPU_LIMIT = 256;

/** A pair (waiter, reader) of CPUs, for grace periods. */
export type CpuPair = Brand<'CpuPair'>;

/** A place in the TLB of one CPU: `cpu * TLB_STRIDE + vaddr`. */
export type TlbSlot = Brand<'TlbSlot'>;

/** Virtual addresses of a process are below this, in pages (47 bits of bytes). */
export const TLB_STRIDE: number = 2 ** 35;

/** State of each simulated CPU. */
export const cpu: Struct<
  Cpu,
  'address_space' | 'irqs_disabled' | 'page_walk' | 'rcu_nesting' | 'srcu_nesting'
> = defineStruct<Cpu, 'address_space' | 'irqs_disabled' | 'page_walk' | 'rcu_nesting' | 'srcu_nesting'>(
  'cpu',
  { doc: 'one simulated CPU; each thread runs on its own', dense: true },
  {
    address_space: { doc: 'which address space it runs in: a number of the kernel’s, 0 for none (CR3)' },
    irqs_disabled: { doc: 'depth of local_irq_save; while it is not 0 the CPU takes no IPI' },
    page_walk: { doc: '1 while its hardware walks page tables: an IPI waits for the end of the instruction' },
    rcu_nesting: { doc: 'depth of RCU read-side sections, of which IRQs-off sections are one' },
    srcu_nesting: { doc: 'depth of SRCU read-side sections (one domain)' },
  },
);

/** Which readers a waiter for a grace period still has to see leave. */
export const grace_period: Struct<CpuPair, 'rcu_owes' | 'srcu_owes'> = defineStruct<
  CpuPair,
  'rcu_owes' | 'srcu_owes'
>(
  'grace_period',
  {
    doc: 'for each (waiter, reader): the reader was inside when the waiter began, and has not left since',
    dense: true,
  },
  {
    rcu_owes: { doc: '1 while the reader owes the waiter an rcu_read_unlock' },
    srcu_owes: { doc: '1 while the reader owes the waiter an srcu_read_unlock' },
  },
);

/** Translation lookaside buffers: one entry per CPU and virtual page, kept until it is flushed. */
export const tlb: Struct<TlbSlot, 'entry'> = defineStruct<TlbSlot, 'entry'>(
  'tlb',
  { doc: 'cached translation of one virtual page on one CPU; no spontaneous eviction' },
  { entry: { doc: 'the entry that was walked to, with the frame of this very page; 0 if none', wide: true } },
);

export function tlbSlot(cpuNumber: Cpu, vaddr: number): TlbSlot {
  return cpuNumber * TLB_STRIDE + vaddr;
}

/** The pairs of one reader are neighbours, since every reader that leaves goes through all of its waiters. */
export function cpuPair(waiter: Cpu, reader: Cpu): CpuPair {
  return reader * CPU_LIMIT + waiter;
}

export type { Entry };
