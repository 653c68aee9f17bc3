import type { Overrides } from '../../compile/link/selection.ts';
import type { Layout } from '../observe/layout.ts';

/**
 * What is replaced in the kernel of a test, besides what the caller replaces: one without files runs on a kernel without
 * them. Their code would be part of every operation on memory, and frames that it takes for zeros and for private copies may
 * be a device's there.
 */
export function configureKernel(overrides: Overrides, layout: Layout): Overrides {
  return layout.hasFiles ? overrides : { ...overrides, CONFIG_FS_DAX: 'CONFIG_NOT_SET' };
}
