import type { OperationNeed } from '../operations/operation.ts';

/** The error for something that whoever executes the test cannot do yet. */
export function needMessage(
  what: string,
  need: OperationNeed,
): { readonly message: string; readonly hint: string } {
  if (need === 'files') {
    return {
      message: `not yet: ${what} needs files on a DAX file system (fsdax)`,
      hint: 'only device-DAX (devdax) works so far',
    };
  }
  return {
    message: `not yet: ${what} is not modelled`,
    hint: 'only a real kernel executes it',
  };
}
