import type { InodeId } from '../../kernel/state/numbers.ts';
import type { Register, RegisterKind, RegisterReference } from '../../litmus/index.ts';
import type { Memory } from '../../machine/memory.ts';
import {
  REGISTER_CLOSED,
  REGISTER_INHERITED,
  REGISTER_NUMBER,
  REGISTER_OBJECT,
  REGISTER_RELEASED,
  REGISTER_UNSET,
  register,
  registerSlot,
} from './register.ts';

/** What an operation leaves in its register. */
export type Content =
  /** A number, or an error. */
  | { readonly kind: 'number'; readonly value: number }
  /** Something of the kernel's, by its number there, and what expressions read. */
  | { readonly kind: 'object'; readonly value: number; readonly object: number }
  | {
      readonly kind: 'mapping';
      readonly device: number;
      readonly address: number;
      readonly length: number;
      readonly synchronous: boolean;
    }
  /** A file: the number of its descriptor plus 1, its inode, and the number of its name plus 1. */
  | { readonly kind: 'file'; readonly object: number; readonly inode: InodeId; readonly name: number };

/** What expressions read of it. */
export function readableValue(content: Content): number {
  return content.kind === 'mapping' || content.kind === 'file' ? 0 : content.value;
}

function objectOf(content: Content): number {
  switch (content.kind) {
    case 'number':
      return 0;
    case 'mapping':
      return content.device + 1;
    default:
      return content.object;
  }
}

/** A register as it stands. */
export interface RegisterView {
  readonly state: number;
  readonly value: number;
  /** Kernel object behind it; 0 for none, or when it has been given back. */
  readonly object: number;
  /** Of a mapping: its device, from 0; its first byte; its bytes. */
  readonly device: number;
  readonly address: number;
  readonly length: number;
  /** Of a mapping: whether the program writes its stores back at once (MAP_SYNC). */
  readonly synchronous: boolean;
  /** Of a file, also of one that is closed: its inode, 0 for none; the number of its name in the test, plus 1. */
  readonly inode: InodeId;
  readonly name: number;
}

/** What holds references to pages. */
export const PAGE_REFERENCES: readonly RegisterKind[] = ['pin', 'get', 'pipe', 'ring', 'request'];

/** The registers of a test's processes, as words of its memory. */
export class Registers {
  private readonly fields: typeof register;

  constructor(memory: Memory) {
    this.fields = memory.of(register);
  }

  read({ process, slot }: RegisterReference): RegisterView {
    const { state, value, object, address, length, synchronous, inode, name } = this.fields;
    const at = registerSlot(process, slot);
    return {
      state: state.get(at),
      value: value.get(at),
      object: object.get(at),
      device: object.get(at) - 1,
      address: address.get(at),
      length: length.get(at),
      synchronous: synchronous.get(at) !== 0,
      inode: inode.get(at),
      name: name.get(at),
    };
  }

  isSet({ process, slot }: RegisterReference): boolean {
    return this.fields.state.get(registerSlot(process, slot)) !== REGISTER_UNSET;
  }

  valueOf({ process, slot }: RegisterReference): number {
    return this.fields.value.get(registerSlot(process, slot));
  }

  write({ process, slot }: RegisterReference, content: Content): void {
    const { state, value, object, address, length, synchronous, inode, name } = this.fields;
    const at = registerSlot(process, slot);
    const mapping = content.kind === 'mapping' ? content : undefined;
    const file = content.kind === 'file' ? content : undefined;
    state.set(at, content.kind === 'number' ? REGISTER_NUMBER : REGISTER_OBJECT);
    value.set(at, readableValue(content));
    object.set(at, objectOf(content));
    address.set(at, mapping?.address ?? 0);
    length.set(at, mapping?.length ?? 0);
    synchronous.set(at, mapping?.synchronous === true ? 1 : 0);
    inode.set(at, file?.inode ?? 0);
    name.set(at, file?.name ?? 0);
  }

  /** The object was given back: a second time there is nothing to give. The value stays. */
  release({ process, slot }: RegisterReference): void {
    const at = registerSlot(process, slot);
    this.fields.state.set(at, REGISTER_RELEASED);
    this.fields.object.set(at, 0);
  }

  /** What it held was a descriptor, and is closed. */
  close(reference: RegisterReference): void {
    this.release(reference);
    this.fields.state.set(registerSlot(reference.process, reference.slot), REGISTER_CLOSED);
  }

  /** A power loss: nothing is left of what was open, mapped or held. Values stay, and which file it was. */
  lose({ process, slot }: RegisterReference): void {
    const at = registerSlot(process, slot);
    const { state, object, address, length, synchronous } = this.fields;
    if (state.get(at) === REGISTER_UNSET || state.get(at) === REGISTER_NUMBER) return;
    state.set(at, REGISTER_CLOSED);
    for (const field of [object, address, length, synchronous]) field.set(at, 0);
  }

  /** fork: the child remembers what its parent did. References to pages stay the parent's. */
  copy(parent: number, child: number, registers: readonly Register[]): void {
    const { state, value, object, address, length, synchronous, inode, name } = this.fields;
    registers.forEach(({ kind }, slot) => {
      const from = registerSlot(parent, slot);
      const to = registerSlot(child, slot);
      for (const field of [value, object, address, length, synchronous, inode, name])
        field.set(to, field.get(from));
      const isReference = state.get(from) === REGISTER_OBJECT && PAGE_REFERENCES.includes(kind);
      state.set(to, isReference ? REGISTER_INHERITED : state.get(from));
    });
  }
}
