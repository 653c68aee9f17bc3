/** Exit statuses of the contract: 0 ok, 1 violated, 2 bad usage or a test that does not parse, 3 incomplete, 4 no real kernel. */
export type ExitStatus = 0 | 1 | 2 | 3 | 4;

export const OK: ExitStatus = 0;
export const VIOLATED: ExitStatus = 1;
export const BAD_USAGE: ExitStatus = 2;
export const INCOMPLETE: ExitStatus = 3;
export const NO_KERNEL: ExitStatus = 4;

/** Of several, the first that applies in this order counts. */
const PRECEDENCE: readonly ExitStatus[] = [BAD_USAGE, NO_KERNEL, VIOLATED, INCOMPLETE];

/** The status of a command that met with all of these. */
export function combined(statuses: Iterable<ExitStatus>): ExitStatus {
  const met = new Set(statuses);
  return PRECEDENCE.find((status) => met.has(status)) ?? OK;
}
