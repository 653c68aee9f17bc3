import type { OperationName } from '../../../litmus/index.ts';
import { accesses } from './accesses.ts';
import type { Adapter, Adapters } from './adapter.ts';
import { devices } from './devices.ts';
import { files } from './files.ts';
import { mappings } from './mappings.ts';
import { pipes } from './pipes.ts';
import { references } from './references.ts';

/** Every operation that one thread executes alone; `exit`, `exec`, `barrier` and fork are the executor's own. */
const adapters: Adapters = { ...accesses, ...devices, ...files, ...mappings, ...pipes, ...references };

/** How an operation is executed on a real kernel; undefined when the agent does not know it. */
export function adapterOf(name: OperationName): Adapter | undefined {
  return adapters[name];
}
