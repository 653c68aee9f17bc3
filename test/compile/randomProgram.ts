/** Numbers from 0 up to but not including `below`, the same for the same seed. */
export type Random = (below: number) => number;

export function seeded(seed: number): Random {
  let state = (seed ^ 0x9e3779b9) | 0;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Functions of a random program: `f0` calls nobody, each later one may call those before it. */
export const FUNCTIONS = 5;

/** Shared words and locks that a random program uses. */
export const WORDS = 3;
export const LOCKS = 2;

/**
 * A random program in the dialect that always ends, unless its threads wait for each other: nested calls in all
 * places, loops with `break` and `continue`, early returns, nested locks, waits, private words.
 */
export function randomProgram(random: Random): string {
  return new ProgramWriter(random).program();
}

class ProgramWriter {
  private readonly random: Random;
  private readonly lines: string[] = [];
  private locals: { readonly name: string; readonly writable: boolean }[] = [];
  private callable = 0;
  private names = 0;
  private budget = 0;

  constructor(random: Random) {
    this.random = random;
  }

  program(): string {
    this.lines.push('export const FOUR = 4;', 'export const MASK = (1 << FOUR) - 1;');
    this.lines.push('export function small(value: number): number { return value & MASK; }');
    this.lines.push(
      'export function mixed(a: number, b: number): number { return a < b ? small(a + FOUR) : div(b, 3) - a; }',
    );
    this.lines.push('export function odd(value: number): boolean { return (value & 1) !== 0; }');
    for (let number = 0; number < FUNCTIONS; number++) {
      this.callable = number;
      this.function(`f${number}`);
    }
    return this.lines.join('\n');
  }

  private function(name: string): void {
    this.locals = [
      { name: 'a', writable: false },
      { name: 'b', writable: false },
    ];
    this.budget = 9;
    this.lines.push(`export function* ${name}(a: number, b: number): Op<number> {`);
    this.block(3, false);
    this.lines.push(`return ${this.value(2)};`);
    this.lines.push('}');
  }

  private pick<Choice>(...choices: readonly (() => Choice)[]): Choice {
    const choice = choices[this.random(choices.length)];
    if (choice === undefined) throw new Error('nothing to pick from');
    return choice();
  }

  private block(depth: number, inLoop: boolean): void {
    const outer = this.locals;
    this.locals = [...outer];
    for (let left = 1 + this.random(4); left > 0 && this.budget > 0; left--) this.statement(depth, inLoop);
    this.locals = outer;
  }

  private statement(depth: number, inLoop: boolean): void {
    this.budget--;
    const simple = [
      () => this.declare(),
      () => this.declare(),
      () => this.assign(),
      () => this.assign(),
      () => this.lines.push(`yield* store(cell.value, ${this.word()}, ${this.value(2)});`),
      () => this.lines.push(`yield* atomic_add(cell.value, ${this.word()}, ${this.value(1)});`),
      () => this.lines.push(`put(scratch.value, ${this.word()}, ${this.value(2)});`),
      () => this.lines.push(`WARN_ON_ONCE(${this.condition(1)}, 'warned ${this.names++}');`),
      () => this.lines.push(`${this.call(1)};`),
    ];
    const nested = [
      () => this.branch(depth, inLoop),
      () => this.branch(depth, inLoop),
      () => this.counted(depth),
      () => this.endless(depth),
      () => this.locked(depth, inLoop),
      () => this.wait(),
      () => this.early(inLoop),
    ];
    this.pick(...(depth > 0 ? [...simple, ...nested] : simple));
  }

  private declare(): void {
    const name = `x${this.names++}`;
    const writable = this.random(3) > 0;
    this.lines.push(`${writable ? 'let' : 'const'} ${name} = ${this.value(2)};`);
    this.locals.push({ name, writable });
  }

  private assign(): void {
    const writable = this.locals.filter((local) => local.writable);
    const target = writable[this.random(writable.length || 1)];
    if (target === undefined) return;
    this.pick(
      () => this.lines.push(`${target.name} = ${this.value(2)};`),
      () => this.lines.push(`${target.name} += ${this.value(1)};`),
      () => this.lines.push(`${target.name}++;`),
    );
  }

  private branch(depth: number, inLoop: boolean): void {
    this.lines.push(`if (${this.condition(2)}) {`);
    this.block(depth - 1, inLoop);
    if (this.random(2) > 0) {
      this.lines.push('} else {');
      this.block(depth - 1, inLoop);
    }
    this.lines.push('}');
  }

  private counted(depth: number): void {
    const name = `i${this.names++}`;
    this.lines.push(`for (let ${name} = 0; ${name} < ${1 + this.random(3)}; ${name}++) {`);
    this.locals.push({ name, writable: false });
    this.block(depth - 1, true);
    this.locals = this.locals.filter((local) => local.name !== name);
    this.lines.push('}');
  }

  private endless(depth: number): void {
    const name = `n${this.names++}`;
    this.lines.push(
      `let ${name} = 0;`,
      `while (${this.pick(
        () => '1',
        () => `small(${name}) < 9`,
      )}) {`,
    );
    this.lines.push(`${name} += 1;`, `if (${name} > 2 || ${this.condition(1)}) break;`);
    this.block(depth - 1, true);
    this.lines.push('}');
  }

  private locked(depth: number, inLoop: boolean): void {
    const lock = this.random(LOCKS);
    if (inLoop || this.random(3) > 0) {
      this.lines.push(`yield* spin_lock(cell.lock, ${lock});`);
      this.lines.push(`yield* store(cell.value, ${lock}, ${this.value(1)});`);
      this.lines.push(`yield* spin_unlock(cell.lock, ${lock});`);
      return;
    }
    this.lines.push(`if (yield* spin_trylock(cell.lock, ${lock})) {`);
    this.block(depth - 1, inLoop);
    this.lines.push(`yield* spin_unlock(cell.lock, ${lock});`, '}');
  }

  private wait(): void {
    if (this.random(4) === 0) this.lines.push(`yield* wait_until_set(cell.value, ${this.word()});`);
  }

  private early(inLoop: boolean): void {
    const jumps = inLoop ? ['break;', 'continue;'] : [];
    const jump = [...jumps, `return ${this.value(1)};`, 'return 0;', 'return 1;'][
      this.random(jumps.length + 3)
    ];
    this.lines.push(`if (${this.condition(1)}) { ${jump} }`);
  }

  private word(): string {
    return this.random(3) > 0 ? String(this.random(WORDS)) : `small(${this.value(0)}) % ${WORDS}`;
  }

  private local(): string {
    return this.locals[this.random(this.locals.length)]?.name ?? 'a';
  }

  private value(depth: number): string {
    const leaves = [
      () => String(this.random(6)),
      () => this.local(),
      () => this.local(),
      () => this.local(),
      () => 'FOUR',
      () => 'self()',
    ];
    if (depth === 0) return this.pick(...leaves);
    return this.pick(
      ...leaves,
      () => `(${this.value(depth - 1)} + ${this.value(depth - 1)}) % 11`,
      () => `(${this.value(depth - 1)} - ${this.value(depth - 1)}) % 11`,
      () => `(${this.value(depth - 1)} ^ ${this.value(depth - 1)})`,
      () => `(${this.condition(depth - 1)} ? ${this.value(depth - 1)} : ${this.value(depth - 1)})`,
      () => `mixed(${this.value(depth - 1)}, ${this.value(depth - 1)})`,
      () => `get(scratch.value, ${this.word()})`,
      () => `(yield* load(cell.value, ${this.word()}))`,
      () => `(yield* xchg(cell.value, ${this.word()}, ${this.value(depth - 1)}))`,
      () => this.call(depth),
      () => this.call(depth),
    );
  }

  private call(depth: number): string {
    if (this.callable === 0) return `(yield* atomic_add_return(cell.value, ${this.word()}, 1))`;
    return `(yield* f${this.random(this.callable)}(${this.value(depth - 1)}, ${this.value(depth - 1)}))`;
  }

  private condition(depth: number): string {
    const simple = [
      () => `${this.value(depth)} < ${this.value(0)}`,
      () => `${this.value(depth)} === ${this.value(0)}`,
      () => `odd(${this.value(depth)})`,
      () => this.value(depth),
    ];
    if (depth === 0) return this.pick(...simple);
    return this.pick(
      ...simple,
      () => `!(${this.condition(depth - 1)})`,
      () => `(${this.condition(depth - 1)}) && (${this.condition(depth - 1)})`,
      () => `(${this.condition(depth - 1)}) || (${this.condition(depth - 1)})`,
    );
  }
}
