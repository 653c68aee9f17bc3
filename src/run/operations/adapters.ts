import type { OperationName } from '../../litmus/index.ts';
import { accesses } from './accesses.ts';
import type { Adapter, Adapters } from './adapter.ts';
import { descriptors } from './descriptors.ts';
import { devices } from './devices.ts';
import { files } from './files.ts';
import { inputOutput } from './inputOutput.ts';
import { mappings } from './mappings.ts';
import { pipes } from './pipes.ts';
import { references } from './references.ts';
import { views } from './views.ts';

/** Every operation that is executed by the kernel; `exit`, `exec`, `barrier` and `crash` are the interpreter's own. */
const adapters: Adapters = {
  ...accesses,
  ...descriptors,
  ...devices,
  ...files,
  ...inputOutput,
  ...mappings,
  ...pipes,
  ...references,
  ...views,
};

/** How an operation is executed; undefined when the model has no such operation. */
export function adapterOf(name: OperationName): Adapter | undefined {
  return adapters[name];
}
