import type { LocalName } from '../dialect/source.ts';

/** The locals of one function while it is read, numbered in order of declaration, found through block scopes. */
export class Locals {
  readonly names: LocalName[] = [];
  private readonly scopes: Map<string, number>[] = [new Map()];

  declare(name: string, line: number): number {
    const local = this.names.length;
    this.names.push({ name, line });
    this.scopes.at(-1)?.set(name, local);
    return local;
  }

  find(name: string): number | undefined {
    for (let depth = this.scopes.length - 1; depth >= 0; depth--) {
      const local = this.scopes[depth]?.get(name);
      if (local !== undefined) return local;
    }
    return undefined;
  }

  /** Runs `inside` in a block scope of its own. */
  block<Result>(inside: () => Result): Result {
    this.scopes.push(new Map());
    try {
      return inside();
    } finally {
      this.scopes.pop();
    }
  }
}
