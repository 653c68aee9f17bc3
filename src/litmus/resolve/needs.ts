import type { ResolvedArgument } from '../program/statement.ts';
import type { OperationCall } from '../syntax/ast.ts';
import type { Scope } from './scope.ts';

/** The error for something that only a real kernel executes. */
export function needMessage(what: string): { readonly message: string; readonly hint: string } {
  return { message: `not yet: ${what} is not modelled`, hint: 'only a real kernel executes it' };
}

/** An xfs that knows the files of each block sends SIGBUS to who maps them when its device goes: not modelled. */
export function checkModelled(
  operation: string,
  { device }: Readonly<Record<string, ResolvedArgument>>,
  call: OperationCall,
  scope: Scope,
): void {
  const hasMap = device?.kind === 'device' && scope.devices[device.device]?.rmapbt === true;
  if (operation === 'unbind' && hasMap && !scope.allowed.includes('realKernel')) {
    const { message, hint } = needMessage("'unbind' of a device with rmapbt");
    scope.report.error(call.span, message, hint);
  }
}
