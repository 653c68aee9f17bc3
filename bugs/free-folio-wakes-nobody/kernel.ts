import type { Pfn } from '../../src/kernel/state/numbers.ts';
import type { Op } from '../../src/machine/primitive.ts';

/** Takes the place of free_zone_device_folio: nobody is told. */
export function* free_zone_device_folio__silent(_folio: Pfn): Op {}
