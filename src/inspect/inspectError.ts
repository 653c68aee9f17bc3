/** What kept a kernel from being read: one sentence that names the cause and, where there is one, the remedy. */
export class InspectError extends Error {
  override readonly name = 'InspectError';
}
