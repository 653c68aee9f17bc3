/** Takes the place of dax_entry_has_no_folio: does not look at the flags. */
export function dax_entry_has_no_folio__never(_entry: number): boolean {
  return false;
}
