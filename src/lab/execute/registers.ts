import type { Program, RegisterReference } from '../../litmus/index.ts';

/** Something of the kernel's that a process holds, by the numbers that the agent knows it by. */
export type Held =
  /** `first`: the first byte that was read from it last. */
  | { readonly kind: 'pipe'; readonly reader: number; readonly writer: number; readonly first: number }
  | { readonly kind: 'ring'; readonly descriptor: number }
  /** A ring whose buffers are the pages from `start` on, one each. */
  | { readonly kind: 'pages'; readonly descriptor: number; readonly start: number; readonly pages: number }
  /** Direct I/O (aio), in a zone of the disk that holds it back; `result` is null while it is in flight. */
  | {
      readonly kind: 'request';
      readonly queue: number;
      readonly zone: number;
      readonly result: number | null;
    }
  | { readonly kind: 'descriptor'; readonly descriptor: number; readonly device: number }
  /** `file`: its number among those of the test. */
  | {
      readonly kind: 'file';
      readonly descriptor: number;
      readonly device: number;
      readonly file: number;
    };

/** Whether processes have it by a descriptor that a child shares with its parent. */
function isInherited({ kind }: Held): boolean {
  return kind === 'descriptor' || kind === 'file';
}

/** What a register holds. Expressions read `value`. */
export type Content =
  | { readonly kind: 'number'; readonly value: number }
  | {
      readonly kind: 'mapping';
      readonly value: 0;
      readonly device: number;
      readonly address: number;
      readonly length: number;
    }
  | {
      readonly kind: 'held';
      readonly value: number;
      readonly held: Held;
      /** `released`: given back · `closed`: a descriptor that was closed · `inherited`: its parent's, after fork. */
      readonly state: 'own' | 'released' | 'closed' | 'inherited';
      /** First byte of the range that it was taken for, where there is one. */
      readonly address: number;
    };

export function number(value: number): Content {
  return { kind: 'number', value };
}

export function holding(value: number, held: Held, address = 0): Content {
  return { kind: 'held', value, held, state: 'own', address };
}

/** The registers of all processes of a test, and what these hold beside them. */
export class Registers {
  private readonly contents: (Content | undefined)[][];
  /** What each process holds that no register names: its register was overwritten, or there never was one. */
  private readonly unnamed: Held[][];

  constructor(program: Program) {
    this.contents = program.processes.map(() => []);
    this.unnamed = program.processes.map(() => []);
  }

  /** The same, to be changed without these. */
  copy(program: Program): Registers {
    const copy = new Registers(program);
    for (const { index } of program.processes) {
      copy.contents[index] = [...(this.contents[index] ?? [])];
      copy.unnamed[index] = [...(this.unnamed[index] ?? [])];
    }
    return copy;
  }

  read({ process, slot }: RegisterReference): Content | undefined {
    return this.contents[process]?.[slot];
  }

  /**
   * The result of an operation of a process, for its register if it has one. What that held before stays held, and so does what
   * no register takes, until the process ends.
   */
  take(process: number, register: RegisterReference | null, content: Content): void {
    const dropped = register === null ? content : this.read(register);
    const held = dropped === undefined ? null : ownHeld(dropped);
    if (held !== null) this.unnamed[process]?.push(held);
    if (register !== null) this.write(register, content);
  }

  /** What a register holds has changed. */
  write({ process, slot }: RegisterReference, content: Content): void {
    const own = this.contents[process];
    if (own !== undefined) own[slot] = content;
  }

  /** What was held is given back; the number stays. */
  give(reference: RegisterReference, state: 'released' | 'closed'): void {
    const content = this.read(reference);
    if (content?.kind === 'held') this.write(reference, { ...content, state });
  }

  /** Everything that a process holds and that is its own. */
  heldBy(process: number): Held[] {
    const named = (this.contents[process] ?? []).map((content) =>
      content === undefined ? null : ownHeld(content),
    );
    return [...named.filter((held) => held !== null), ...(this.unnamed[process] ?? [])];
  }

  /** fork: the child remembers what its parent did; references to pages stay the parent's. */
  fork(parent: number, child: number): void {
    this.contents[child] = (this.contents[parent] ?? []).map((content) =>
      content?.kind === 'held' && !isInherited(content.held) && content.state === 'own'
        ? { ...content, state: 'inherited' }
        : content,
    );
    this.unnamed[child] = (this.unnamed[parent] ?? []).filter(isInherited);
  }
}

function ownHeld(content: Content): Held | null {
  return content.kind === 'held' && content.state === 'own' ? content.held : null;
}
