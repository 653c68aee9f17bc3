import type { DeviceKind, Scheme } from '../syntax/ast.ts';

/**
 * Reference count of a page that nobody maps or pins: what `idle` stands for. Under the refcount scheme a page
 * of a file system's device has no reference of its own; everywhere else the driver's stays.
 */
export function idleRefcount(scheme: Scheme, kind: DeviceKind): number {
  return scheme === 'refcount' && kind === 'fsdax' ? 0 : 1;
}
