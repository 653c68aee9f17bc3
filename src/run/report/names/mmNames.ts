import { file, vm_area_struct } from '../../../kernel/state/mm.ts';
import type { Memory } from '../../../machine/memory.ts';
import { vmaFlagsText } from './flagTexts.ts';
import { lastValues } from './lastValues.ts';
import { addressText, type Places } from './places.ts';
import { orNone, type ReadableValue, type StructNames } from './structNames.ts';

/** Address spaces and their VMAs. */
export function mmNames(places: Places, memory: Memory): Record<string, StructNames> {
  const lastMm = lastValues(memory, memory.of(vm_area_struct).vm_mm);
  const lastStart = lastValues(memory, memory.of(vm_area_struct).vm_start);
  const opened = lastValues(memory, memory.of(file).f_mapping);
  const nameOf = (vma: number): string => {
    const [mm, start] = [lastMm(vma), lastStart(vma)];
    return start === 0 ? `${places.mm(mm)}.new_vma` : places.address(mm, start, 'vma').replace(/\[0\]$/, '');
  };
  return {
    mm_struct: {
      word: (mm, field) => `${places.mm(mm)}.${field}`,
      value: (value, field) => {
        if (field === 'pgd') return orNone(value, (table) => `table ${table}`);
        return field === 'def_flags' ? vmaFlagsText(value) : value;
      },
    },
    vm_area_struct: {
      word: (vma, field) => `${nameOf(vma)}.${field}`,
      value: (value, field) => vmaValue(value, field, places, opened),
    },
  };
}

function vmaValue(
  value: number,
  field: string,
  places: Places,
  opened: (open: number) => number,
): ReadableValue {
  switch (field) {
    case 'vm_mm':
      return orNone(value, (mm) => places.mm(mm));
    case 'vm_start':
    case 'vm_end':
      return orNone(value, addressText);
    case 'vm_flags':
      return vmaFlagsText(value);
    case 'vm_file':
      return orNone(value, (open) => `${places.mapping(opened(open))}.file[${open}]`);
    case 'shared':
      return orNone(value, () => 'in i_mmap');
    default:
      return value;
  }
}
