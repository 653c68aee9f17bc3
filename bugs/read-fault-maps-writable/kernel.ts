import { vm_get_page_prot } from '../../src/kernel/common/arch/x86/mm/pgprot.ts';

/** Takes the place of vm_page_prot: no file system wants to hear of writes. */
export function vm_page_prot__no_notify(vm_flags: number): number {
  return vm_get_page_prot(vm_flags);
}
