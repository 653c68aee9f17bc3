/** Takes the place of dax_hole_is_filled: nothing has to be unmapped. */
export function dax_hole_is_filled__never(_entry: number, _flags: number): boolean {
  return false;
}
