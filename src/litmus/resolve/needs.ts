/** The error for something that only a real kernel executes. */
export function needMessage(what: string): { readonly message: string; readonly hint: string } {
  return { message: `not yet: ${what} is not modelled`, hint: 'only a real kernel executes it' };
}
