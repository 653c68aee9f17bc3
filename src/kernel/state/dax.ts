import { defineStruct, type Struct } from '../../machine/field.ts';
import type { DeviceId } from './numbers.ts';

type PgmapField =
  | 'type'
  | 'ref'
  | 'dying'
  | 'atomic'
  | 'exited'
  | 'done'
  | 'vmemmap_shift'
  | 'start_pfn'
  | 'nr_pages'
  | 'published'
  | 'memmap'
  | 'initial_refcount';

/** struct dev_pagemap (include/linux/memremap.h): the memory map of one device. */
export const dev_pagemap: Struct<DeviceId, PgmapField> = defineStruct<DeviceId, PgmapField>(
  'dev_pagemap',
  { doc: 'struct dev_pagemap, include/linux/memremap.h', dense: true },
  {
    type: { doc: 'MEMORY_DEVICE_ type' },
    ref: { doc: 'percpu_ref: 1, plus one a compound head, plus those of lookups under way', wide: true },
    dying: { doc: '1 once percpu_ref_kill ran: no new reference' },
    atomic: {
      doc: '1 once the per-CPU counts of ref were added up: from then on somebody can see it reach 0',
    },
    exited: { doc: '1 once percpu_ref_exit freed the counter' },
    done: { doc: 'completion: 1 once ref reached 0' },
    vmemmap_shift: { doc: 'log2 of the pages of one compound page' },
    start_pfn: { doc: 'first frame of its range', wide: true },
    nr_pages: { doc: 'frames of its range', wide: true },
    published: { doc: '1 while pgmap_array finds it' },
    initial_refcount: { doc: '_refcount that a fresh head of this type starts with' },
    memmap: { doc: '1 while its struct pages exist (arch_add_memory … arch_remove_memory)' },
  },
);

type DevDaxField = 'align' | 'start_pfn' | 'nr_pages' | 'bound' | 'device_lock';

/** struct dev_dax (drivers/dax/dax-private.h): one device-DAX instance. */
export const dev_dax: Struct<DeviceId, DevDaxField> = defineStruct<DeviceId, DevDaxField>(
  'dev_dax',
  { doc: 'struct dev_dax, drivers/dax/dax-private.h', dense: true },
  {
    align: { doc: 'mapping granularity in pages: 1, 512 or 262144' },
    start_pfn: { doc: 'first frame of its only range', wide: true },
    nr_pages: { doc: 'frames of its only range', wide: true },
    bound: { doc: '1 while the device_dax driver is bound' },
    device_lock: { doc: 'device_lock of the driver core: one bind or unbind at a time', discipline: 'lock' },
  },
);

/** struct dax_device (drivers/dax/super.c). */
export const dax_device: Struct<DeviceId, 'flags' | 'cdev'> = defineStruct<DeviceId, 'flags' | 'cdev'>(
  'dax_device',
  { doc: 'struct dax_device, drivers/dax/super.c', dense: true },
  {
    flags: { doc: 'DAXDEV_ bits' },
    cdev: { doc: 'references of its character device: 1 between cdev_add and cdev_del, and 1 an open file' },
  },
);
