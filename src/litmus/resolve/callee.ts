import type { Operation } from '../operations/operation.ts';
import { isOperationName, type OperationName, operationNamed } from '../operations/table.ts';
import type { Device } from '../program/program.ts';
import type { OperationCall } from '../syntax/ast.ts';
import { deviceNamed } from './devices.ts';

/**
 * The operation that a call means, null when there is no such. `open` on a device-DAX device without a name
 * opens the device itself.
 */
export function operationOf(
  call: OperationCall,
  devices: readonly Device[],
): Operation<OperationName> | null {
  const name = call.operation.name;
  if (!isOperationName(name)) {
    return null;
  }
  if (name === 'open') {
    const first = call.arguments[0]?.value;
    const device = first?.kind === 'path' ? deviceNamed(devices, first.root.name) : null;
    const isNamed = call.arguments.some((argument) => argument.value.kind === 'string');
    if (device?.kind === 'devdax' && !isNamed) {
      return operationNamed('open_device');
    }
  }
  return operationNamed(name);
}
