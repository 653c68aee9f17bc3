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

/** The registers of all processes of a test. */
export class Registers {
  private readonly contents: (Content | undefined)[][];

  constructor(program: Program, contents: readonly (readonly (Content | undefined)[])[] = []) {
    this.contents = program.processes.map(({ index }) => [...(contents[index] ?? [])]);
  }

  /** The same, to be changed without these. */
  copy(program: Program): Registers {
    return new Registers(program, this.contents);
  }

  read({ process, slot }: RegisterReference): Content | undefined {
    return this.contents[process]?.[slot];
  }

  write({ process, slot }: RegisterReference, content: Content): void {
    const own = this.contents[process];
    if (own !== undefined) own[slot] = content;
  }

  /** What was held is given back; the number stays. */
  give(reference: RegisterReference, state: 'released' | 'closed'): void {
    const content = this.read(reference);
    if (content?.kind === 'held') this.write(reference, { ...content, state });
  }

  /** Everything that the registers of a process hold and that is its own. */
  heldBy(process: number): Held[] {
    return (this.contents[process] ?? []).flatMap((content) =>
      content?.kind === 'held' && content.state === 'own' ? [content.held] : [],
    );
  }

  /** fork: the child remembers what its parent did; references to pages stay the parent's. */
  fork(parent: number, child: number): void {
    this.contents[child] = (this.contents[parent] ?? []).map((content) =>
      content?.kind === 'held' && !isInherited(content.held) && content.state === 'own'
        ? { ...content, state: 'inherited' }
        : content,
    );
  }
}
