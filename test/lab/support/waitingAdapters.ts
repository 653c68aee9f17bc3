import { type Adapter, type Adapters, plain } from '../../../src/lab/execute/operations/adapter.ts';
import type { OperationName } from '../../../src/litmus/index.ts';

const FUTEX_WAIT = 0;
const FUTEX_WAKE = 1;

type AdapterOf = (name: OperationName) => Adapter | undefined;

/**
 * The lab's table of operations for a kernel without DAX, where none of the language waits: `mincore` waits there until
 * `pagemap` of the same byte wakes it.
 */
export function waitingAdapters({ adapterOf }: { readonly adapterOf: AdapterOf }): { adapterOf: AdapterOf } {
  const waiting: Adapters = {
    mincore: plain((context) => context.call('futex', context.address(), FUTEX_WAIT, 0, 0)),
    pagemap: plain((context) => context.call('futex', context.address(), FUTEX_WAKE, 1, 0)),
  };
  return { adapterOf: (name) => waiting[name] ?? adapterOf(name) };
}
