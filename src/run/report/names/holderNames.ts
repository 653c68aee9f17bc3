import {
  HOLDER_GET,
  HOLDER_PIN,
  HOLDER_PIPE,
  HOLDER_REQUEST,
  HOLDER_RING,
  HOLDER_RING_EXIT,
  HOLDER_RUNS,
  holder,
} from '../../../kernel/state/holder.ts';
import { PIPE_BUFFERS } from '../../../kernel/state/pipe_buffer.ts';
import type { Memory } from '../../../machine/memory.ts';
import { register } from '../../state/register.ts';
import { PAGE_REFERENCES } from '../../state/registers.ts';
import { lastValues } from './lastValues.ts';
import type { Places } from './places.ts';
import { orNone, type StructNames } from './structNames.ts';

const KINDS: Readonly<Record<number, string>> = {
  [HOLDER_GET]: 'get',
  [HOLDER_PIN]: 'pin',
  [HOLDER_PIPE]: 'pipe',
  [HOLDER_RING]: 'ring',
  [HOLDER_REQUEST]: 'request',
  [HOLDER_RING_EXIT]: 'ring',
};

/**
 * What holds references to pages for user space: by the register that had it first, or by its kind and number while none has
 * it yet.
 */
export function holderNames(places: Places, memory: Memory): Record<string, StructNames> {
  const lastKind = lastValues(memory, memory.of(holder).kind);
  const registers: (string | undefined)[] = [];
  memory.watch(memory.of(register).object, (slot, _before, owner) => {
    const name = owner === 0 ? undefined : places.register(slot, PAGE_REFERENCES);
    if (name !== undefined) registers[owner] ??= name;
  });
  memory.watch(memory.of(holder).kind, (owner, before) => {
    if (before === 0) registers[owner] = undefined;
  });
  const name = (owner: number): string => registers[owner] ?? `${kindText(lastKind(owner))}[${owner}]`;
  return {
    holder: {
      word: (owner, field) => `${name(owner)}.${field}`,
      value: (value, field) => {
        if (field === 'kind') return kindText(value);
        return field === 'mm' ? orNone(value, (mm) => places.mm(mm)) : value;
      },
    },
    holder_run: {
      word: (run, field) => `${name(Math.floor(run / HOLDER_RUNS))}.run[${run % HOLDER_RUNS}].${field}`,
      value: (value, field) => (field === 'first' ? orNone(value, (pfn) => places.frame(pfn)) : value),
    },
    pipe_buffer: {
      word: (buffer, field) =>
        `${name(Math.floor(buffer / PIPE_BUFFERS))}.buffer[${buffer % PIPE_BUFFERS}].${field}`,
    },
  };
}

function kindText(kind: number): string {
  return orNone(kind, () => KINDS[kind] ?? 'holder');
}
