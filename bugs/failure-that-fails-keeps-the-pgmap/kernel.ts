import { pmem_pagemap_memory_failure } from '../../src/kernel/common/drivers/nvdimm/pmem_failure.ts';
import { EOPNOTSUPP } from '../../src/kernel/common/include/errno.ts';
import { mf_generic_kill_procs } from '../../src/kernel/common/mm/memory-failure.ts';
import { put_dev_pagemap } from '../../src/kernel/common/mm/memremap.ts';
import { dev_pagemap } from '../../src/kernel/state/dax.ts';
import { MEMORY_DEVICE_FS_DAX } from '../../src/kernel/state/memmap.ts';
import type { DeviceId, MmId, Pfn } from '../../src/kernel/state/numbers.ts';
import type { Op } from '../../src/machine/primitive.ts';
import { load } from '../../src/machine/primitives/access.ts';

/** Takes the place of memory_failure_dev_pagemap: an error leaves before the reference of the pgmap is dropped. */
export function* memory_failure_dev_pagemap__keeps_on_error(pfn: Pfn, pgmap: number, mm: MmId): Op<number> {
  let error = -EOPNOTSUPP;
  if ((yield* load(dev_pagemap.type, pgmap - 1)) === MEMORY_DEVICE_FS_DAX) {
    const device: DeviceId = pgmap - 1;
    error = yield* pmem_pagemap_memory_failure(device, pfn, mm);
  }
  if (error === -EOPNOTSUPP) error = yield* mf_generic_kill_procs(pfn, mm);
  if (error) return error;
  yield* put_dev_pagemap(pgmap);
  return 0;
}
