import type { Op } from '../../src/machine/primitive.ts';

/** Takes the place of synchronize_dax_srcu: waits for nobody. */
export function* synchronize_dax_srcu__nothing(): Op {}
