import type {
  Argument,
  BlockStatement,
  Body,
  Expression,
  LitmusFile,
  OperationCall,
  RepeatStatement,
  Span,
  Statement,
} from '../../litmus/index.ts';

/** What takes the place of a piece of the text. */
export interface Replacement {
  readonly offset: number;
  readonly length: number;
  readonly text: string;
}

/** One way to make a test smaller: pieces of its text that are replaced together, in the order of the text. */
export type Cut = readonly Replacement[];

/** Sizes that are tried in the place of larger ones: nothing, a page, a huge page. */
const SIZES: readonly (readonly [value: number, text: string])[] = [
  [0, '0'],
  [2 ** 12, '4K'],
  [2 ** 21, '2M'],
];

/**
 * All ways to make a test smaller by one thing, those that take away most first. Each strictly removes something or makes a
 * number smaller, so that taking them one after the other comes to an end. Not every one leaves a test.
 */
export function cutsOf(file: LitmusFile, source: string): readonly Cut[] {
  return new Cutter(file, source).all();
}

/** The text after a cut. */
export function applyCut(source: string, cut: Cut): string {
  let text = '';
  let from = 0;
  for (const { offset, length, text: replacement } of cut) {
    text += source.slice(from, offset) + replacement;
    from = offset + length;
  }
  return text + source.slice(from);
}

class Cutter {
  private readonly file: LitmusFile;
  private readonly source: string;
  private readonly bodies: Body[] = [];
  private readonly blocks: (BlockStatement | RepeatStatement)[] = [];
  private readonly calls: OperationCall[] = [];
  private readonly expressions: Expression[] = [];

  constructor(file: LitmusFile, source: string) {
    this.file = file;
    this.source = source;
    for (const item of file.items) {
      if (item.kind === 'process') this.visitBody(item.body);
      if (item.kind === 'condition') this.expressions.push(item.expression);
    }
  }

  all(): readonly Cut[] {
    const { file, bodies, blocks, calls, expressions } = this;
    const devices = file.items.flatMap((item) => (item.kind === 'device' ? [item] : []));
    return [
      ...(file.comments.length === 0 ? [] : [file.comments.map(({ span }) => this.without(span))]),
      ...file.items.map(({ span }) => [this.without(span)]),
      ...bodies.flatMap((body) => this.runsOf(body)),
      ...blocks.flatMap((block) => this.unwrapped(block)),
      ...expressions.flatMap((expression) => this.halves(expression)),
      ...calls.flatMap((call) => this.smallerCalls(call)),
      ...devices.flatMap((device) => numbersOf(device.arguments)),
    ];
  }

  private visitBody(body: Body): void {
    this.bodies.push(body);
    for (const statement of body.statements) this.visitStatement(statement);
  }

  private visitStatement(statement: Statement): void {
    switch (statement.kind) {
      case 'call':
        this.calls.push(statement);
        return;
      case 'assert':
        this.expressions.push(statement.expression);
        return;
      case 'thread':
      case 'fork':
      case 'repeat':
        this.blocks.push(statement);
        this.visitBody(statement.body);
    }
  }

  /** A block's statements without the block, and fewer rounds of a `repeat`. */
  private unwrapped(block: BlockStatement | RepeatStatement): readonly Cut[] {
    const { offset, length } = block.body.span;
    const inner = this.source.slice(offset + 1, offset + length - 1).trim();
    const { span } = block;
    const bare: Cut = [{ offset: span.offset, length: span.length, text: inner }];
    if (block.kind !== 'repeat') return [bare];
    const { value, span: count } = block.count;
    const fewer = [2, Math.floor(value / 2)].filter((rounds) => rounds > 1 && rounds < value);
    return [bare, ...fewer.map((rounds): Cut => [replaced(count, `${rounds}`)])];
  }

  /** One side of an `&&` or `||` for both. */
  private halves(expression: Expression): readonly Cut[] {
    if (expression.kind === 'parenthesized') {
      return this.halves(expression.inner);
    }
    if (expression.kind !== 'binary' || !['&&', '||'].includes(expression.operator)) return [];
    const { left, right, span } = expression;
    return [
      [replaced(span, this.textOf(left))],
      [replaced(span, this.textOf(right))],
      ...this.halves(left),
      ...this.halves(right),
    ];
  }

  /** The call without its register, without one of its arguments, or with a smaller number. */
  private smallerCalls({ register, operation, arguments: args }: OperationCall): readonly Cut[] {
    const cuts: Cut[] = [];
    if (register !== null) {
      const { offset } = register.span;
      cuts.push([{ offset, length: operation.span.offset - offset, text: '' }]);
    }
    const [first, last] = [args[0], args.at(-1)];
    if (first !== undefined && last !== undefined) {
      const { offset } = first.span;
      const length = last.span.offset + last.span.length - offset;
      for (const left of args) {
        const others = args.filter((argument) => argument !== left).map((argument) => this.textOf(argument));
        cuts.push([{ offset, length, text: others.join(', ') }]);
      }
    }
    return [...cuts, ...numbersOf(args)];
  }

  /** A body without a run of its statements: half of them, a quarter, down to one at a time. */
  private runsOf({ statements }: Body): readonly Cut[] {
    const cuts: Cut[] = [];
    for (let size = statements.length; size >= 1; size = Math.floor(size / 2)) {
      for (let from = 0; from < statements.length; from += size) {
        cuts.push(statements.slice(from, from + size).map(({ span }) => this.without(span)));
      }
    }
    return cuts;
  }

  /** Nothing in the place of a piece, nor of the white space before it: no gap is left that would stay a gap. */
  private without({ offset, length }: Span): Replacement {
    const before = this.source.slice(0, offset).trimEnd().length;
    return { offset: before, length: offset + length - before, text: '\n' };
  }

  private textOf({ span }: { readonly span: Span }): string {
    return this.source.slice(span.offset, span.offset + span.length);
  }
}

/** Smaller sizes, offsets and lengths. */
function numbersOf(args: readonly Argument[]): readonly Cut[] {
  return args.flatMap(({ value }) => {
    if (value.kind !== 'number') return [];
    return SIZES.filter(([size]) => size < value.value && value.value >= 2 ** 12).map(
      ([, text]): Cut => [replaced(value.span, text)],
    );
  });
}

function replaced({ offset, length }: Span, text: string): Replacement {
  return { offset, length, text };
}
