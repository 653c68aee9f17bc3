import type { Expression } from '../dialect/tree.ts';
import { walkExpression } from '../dialect/walk.ts';
import { type Block, exitsOf } from './graph.ts';
import { localName, printExpression, printPrimitive } from './printExpression.ts';
import { DONE, PC, RESULT } from './program.ts';

/** How the locals of one program lie in its frames. */
export interface Layout {
  /** Program counter of a block that begins with a step. */
  pcOf(block: Block): number;
  /** Locals that are live at the beginning of a block, and the word of each. */
  liveAt(block: Block): readonly { readonly local: number; readonly word: number }[];
  /** Whether words that hold no live local are set to 0. */
  readonly zeroing: boolean;
}

/** One region: what executes between two places where a thread can stand. */
export interface Region {
  /** JavaScript of the function's body, over `f` (the frame) and `machine`. */
  readonly body: string;
  /** Program counters that it may end at, in ascending order. */
  readonly successors: readonly number[];
}

/**
 * Prints the region that begins with a block: its step, if it has one, then local code up to the next steps.
 * A frame is written only where the region ends. `parameters` are locals that the surrounding function declares.
 */
export function printRegion(start: Block, layout: Layout, parameters: readonly number[] = []): Region {
  return new RegionPrinter(start, layout).print(parameters);
}

/** Locals that a block's step or code assigns, and all that the block mentions. */
function localsOf(block: Block): { readonly assigned: number[]; readonly named: number[] } {
  const assigned: number[] = [];
  const named: number[] = [];
  const note = (expression: Expression): void =>
    walkExpression(expression, (part) => {
      if (part.kind === 'local') named.push(part.local);
    });
  if (block.step !== undefined) {
    block.step.arguments.forEach(note);
    if (block.step.result !== undefined) assigned.push(block.step.result);
  }
  for (const { target, value } of block.code) {
    if (target !== undefined) assigned.push(target);
    note(value);
  }
  if (block.exit.kind === 'branch') note(block.exit.test);
  if (block.exit.kind === 'end') note(block.exit.value);
  return { assigned, named: [...named, ...assigned] };
}

class RegionPrinter {
  private readonly start: Block;
  private readonly layout: Layout;
  private readonly assigned = new Set<number>();
  private readonly labels = new Map<Block, number>();
  private readonly successors = new Set<number>();
  private readonly loaded: readonly { readonly local: number; readonly word: number }[];

  constructor(start: Block, layout: Layout) {
    this.start = start;
    this.layout = layout;
    this.loaded = start.step === undefined ? [] : layout.liveAt(start);
  }

  print(parameters: readonly number[]): Region {
    const named = this.survey();
    const words = new Map(this.loaded.map(({ local, word }) => [local, word]));
    for (const local of parameters) named.delete(local);
    const declarations = [...named]
      .sort((a, b) => a - b)
      .map((local) => `${localName(local)} = ${words.has(local) ? `f[${words.get(local)}]` : '0'}`);
    const lines = declarations.length > 0 ? [`let ${declarations.join(', ')};`] : [];
    lines.push(...this.printStep());
    const first = this.printBlock(this.start);
    if (this.labels.size === 0) lines.push(...first);
    else
      lines.push(
        'let q = 0;',
        'again: for (;;) switch (q) {',
        'case 0: {',
        ...first,
        '}',
        ...this.printLabels(),
        '}',
      );
    return { body: lines.join('\n'), successors: [...this.successors].sort((a, b) => a - b) };
  }

  /** Finds the region's blocks, what they assign, and which of them several paths lead to; answers all locals. */
  private survey(): Set<number> {
    const named = new Set<number>(this.loaded.map(({ local }) => local));
    const seen = new Set<Block>([this.start]);
    for (const block of seen) {
      const locals = localsOf(block);
      for (const local of locals.assigned) this.assigned.add(local);
      for (const local of locals.named) named.add(local);
      for (const next of exitsOf(block)) {
        if (next.step !== undefined) {
          for (const { local } of this.layout.liveAt(next)) named.add(local);
        } else if (seen.has(next)) this.label(next);
        else seen.add(next);
      }
    }
    return named;
  }

  private label(block: Block): void {
    if (!this.labels.has(block)) this.labels.set(block, this.labels.size + 1);
  }

  private printStep(): string[] {
    const { step } = this.start;
    if (step === undefined) return [];
    const call = printPrimitive(step.primitive, step.arguments.map(printExpression));
    if (step.kind === 'waiting') return [`if (${call} === $BLOCKED) return false;`];
    return [step.result === undefined ? `${call};` : `${localName(step.result)} = ${call};`];
  }

  private printLabels(): string[] {
    return [...this.labels].flatMap(([block, label]) => [`case ${label}: {`, ...this.printBlock(block), '}']);
  }

  private printBlock(block: Block): string[] {
    const lines = block.code.map(({ target, value }) =>
      target === undefined
        ? `${printExpression(value)};`
        : `${localName(target)} = ${printExpression(value)};`,
    );
    const { exit } = block;
    switch (exit.kind) {
      case 'jump':
        return [...lines, ...this.printJump(exit.to)];
      case 'branch':
        return [
          ...lines,
          `if (${printExpression(exit.test)}) {`,
          ...this.printJump(exit.whenTrue),
          '}',
          ...this.printJump(exit.whenFalse),
        ];
      case 'end':
        this.successors.add(DONE);
        return [...lines, ...this.printEnd(exit.value)];
    }
  }

  private printJump(to: Block): string[] {
    if (to.step !== undefined) return this.printStop(to);
    const label = this.labels.get(to);
    return label === undefined ? this.printBlock(to) : [`q = ${label}; continue again;`];
  }

  /** Stores what lives on, zeroes what does not, and leaves the thread before the next step. */
  private printStop(next: Block): string[] {
    const pc = this.layout.pcOf(next);
    this.successors.add(pc);
    const kept = this.layout.liveAt(next);
    const before = new Map(this.loaded.map(({ local, word }) => [word, local]));
    const stores = kept
      .filter(({ local, word }) => before.get(word) !== local || this.assigned.has(local))
      .map(({ local, word }) => `f[${word}] = ${localName(local)} + 0;`);
    const words = new Set(kept.map(({ word }) => word));
    const zeroed = this.layout.zeroing ? [...before.keys()].filter((word) => !words.has(word)) : [];
    return [...stores, ...zeroed.map((word) => `f[${word}] = 0;`), `f[${PC}] = ${pc}; return true;`];
  }

  private printEnd(value: Expression): string[] {
    const result = `${printExpression(value)} + 0`;
    return [
      ...(this.layout.zeroing
        ? [`const r = ${result};`, 'f.fill(0);', `f[${RESULT}] = r;`]
        : [`f[${RESULT}] = ${result};`]),
      `f[${PC}] = ${DONE}; return true;`,
    ];
  }
}
