import type { ResolvedArgument } from '../program/statement.ts';
import type { OperationCall } from '../syntax/ast.ts';
import type { Scope } from './scope.ts';

/** An xfs that knows the files of each block sends SIGBUS to who maps them when its device goes: not modelled. */
export function checkModelled(
  operation: string,
  { device }: Readonly<Record<string, ResolvedArgument>>,
  call: OperationCall,
  scope: Scope,
): void {
  const hasMap = device?.kind === 'device' && scope.devices[device.device]?.rmapbt === true;
  if (operation === 'unbind' && hasMap) {
    const message = "not yet: 'unbind' of a device with rmapbt is not modelled";
    scope.report.error(call.span, message, 'leave rmapbt out');
  }
}
