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
  | { readonly kind: 'mapping'; readonly device: number; readonly address: number; readonly length: number };

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
}

/** What holds references to pages. */
const PAGE_REFERENCES: readonly RegisterKind[] = ['pin', 'get', 'pipe', 'ring', 'request'];

/** The registers of a test's processes, as words of its memory. */
export class Registers {
  private readonly fields: typeof register;

  constructor(memory: Memory) {
    this.fields = memory.of(register);
  }

  read({ process, slot }: RegisterReference): RegisterView {
    const { state, value, object, address, length } = this.fields;
    const at = registerSlot(process, slot);
    return {
      state: state.get(at),
      value: value.get(at),
      object: object.get(at),
      device: object.get(at) - 1,
      address: address.get(at),
      length: length.get(at),
    };
  }

  isSet({ process, slot }: RegisterReference): boolean {
    return this.fields.state.get(registerSlot(process, slot)) !== REGISTER_UNSET;
  }

  valueOf({ process, slot }: RegisterReference): number {
    return this.fields.value.get(registerSlot(process, slot));
  }

  write({ process, slot }: RegisterReference, content: Content): void {
    const { state, value, object, address, length } = this.fields;
    const at = registerSlot(process, slot);
    const isMapping = content.kind === 'mapping';
    state.set(at, content.kind === 'number' ? REGISTER_NUMBER : REGISTER_OBJECT);
    value.set(at, isMapping ? 0 : content.value);
    object.set(at, isMapping ? content.device + 1 : content.kind === 'object' ? content.object : 0);
    address.set(at, isMapping ? content.address : 0);
    length.set(at, isMapping ? content.length : 0);
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

  /** fork: the child remembers what its parent did. References to pages stay the parent's. */
  copy(parent: number, child: number, registers: readonly Register[]): void {
    const { state, value, object, address, length } = this.fields;
    registers.forEach(({ kind }, slot) => {
      const from = registerSlot(parent, slot);
      const to = registerSlot(child, slot);
      for (const field of [value, object, address, length]) field.set(to, field.get(from));
      const isReference = state.get(from) === REGISTER_OBJECT && PAGE_REFERENCES.includes(kind);
      state.set(to, isReference ? REGISTER_INHERITED : state.get(from));
    });
  }
}
