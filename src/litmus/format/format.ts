import type { Diagnostic } from '../source/diagnostic.ts';
import { endOf } from '../source/span.ts';
import type {
  AssertStatement,
  BlockStatement,
  Body,
  Condition,
  LitmusFile,
  RepeatStatement,
  Statement,
  TopLevelItem,
} from '../syntax/ast.ts';
import { parse } from '../syntax/parse.ts';
import { callText, hazardText, stringText } from './callText.ts';
import { expressionText } from './expressionText.ts';
import { Page } from './page.ts';
import { argumentPieces, expressionPieces, LINE_WIDTH, wrap } from './wrap.ts';

export type FormatResult = { readonly text: string } | { readonly errors: readonly Diagnostic[] };

/** Longest body, in statements, that stands beside its opening brace. */
const SHORT_BODY = 4;

/**
 * A test in its one layout: two blanks a level, a statement a line, short blocks beside their brace. Comments and
 * groups stay. Formatting twice changes nothing more, and the meaning stays; a file with errors is left alone.
 */
export function format(source: string): FormatResult {
  const { file, errors } = parse(source);
  if (errors.length > 0) {
    return { errors };
  }
  return { text: new Formatter(source, file).run() };
}

class Formatter {
  private readonly file: LitmusFile;
  private readonly page: Page;
  private readonly widths = new Map<Condition | AssertStatement, number>();

  constructor(source: string, file: LitmusFile) {
    this.file = file;
    this.page = new Page(source, file.comments);
  }

  run(): string {
    const { name, description, items, span } = this.file;
    this.page.write(0, [`DAX ${name.name}`], span.offset, endOf(name.span));
    if (description !== null) {
      this.page.write(0, [stringText(description)], description.span.offset, endOf(description.span));
    }
    this.page.wantBlank();
    this.align(items.map((item) => (item.kind === 'condition' ? item : null)));
    for (const item of items) {
      this.writeItem(item);
    }
    this.page.writeComments(0, Infinity);
    return this.page.text();
  }

  private writeItem(item: TopLevelItem): void {
    const { offset } = item.span;
    const end = endOf(item.span);
    switch (item.kind) {
      case 'device': {
        const prefix = `device ${item.name.name} = ${item.deviceKind}(`;
        this.page.write(0, wrap(prefix, argumentPieces(item.arguments)), offset, end);
        break;
      }
      case 'condition':
        this.page.write(0, this.checkLines(0, item, item.conditionKind), offset, end);
        break;
      case 'hazard': {
        const scheme = item.scheme === null ? '' : `[${item.scheme.scheme}]`;
        this.page.write(0, [`hazard${scheme} ${hazardText(item)}`], offset, end);
        break;
      }
      case 'process':
        this.page.writeTrailing(offset);
        this.page.wantBlank();
        this.writeBlock(0, `process ${item.name.name}`, offset, item.body);
        this.page.wantBlank();
        break;
    }
  }

  private writeStatement(indent: number, statement: Statement): void {
    const margin = ' '.repeat(indent);
    const { offset } = statement.span;
    const end = endOf(statement.span);
    switch (statement.kind) {
      case 'call': {
        const target = statement.register === null ? '' : `${statement.register.name} = `;
        const prefix = `${margin}${target}${statement.operation.name}(`;
        this.page.write(indent, wrap(prefix, argumentPieces(statement.arguments)), offset, end);
        break;
      }
      case 'assert':
        this.page.write(indent, this.checkLines(indent, statement, 'assert'), offset, end);
        break;
      default:
        this.writeNested(indent, statement);
    }
  }

  private writeNested(indent: number, block: BlockStatement | RepeatStatement): void {
    const head = block.kind === 'repeat' ? `repeat ${block.count.text}` : `${block.kind} ${block.name.name}`;
    const { offset } = block.span;
    const end = endOf(block.span);
    const lines = this.hasComment(block.body) ? null : this.shortBlock(indent, head, block.body);
    if (lines === null) {
      this.writeBlock(indent, head, offset, block.body);
    } else {
      this.page.write(indent, lines, offset, end);
    }
  }

  /** The lines of a block that stands beside its brace, or null when it is not of that kind. */
  private shortBlock(indent: number, head: string, body: Body): readonly string[] | null {
    const prefix = `${' '.repeat(indent)}${head} { `;
    const margin = ' '.repeat(prefix.length);
    const lines: string[] = [];
    for (const [index, statement] of body.statements.entries()) {
      const text = simpleText(statement);
      const before = body.statements[index - 1];
      if (text === null || index >= SHORT_BODY || (before && this.areApart(before, statement))) {
        return null;
      }
      const line = (index === 0 ? prefix : margin) + text;
      const closed = index === body.statements.length - 1 ? `${line} }` : line;
      if (closed.length > LINE_WIDTH) {
        return null;
      }
      lines.push(closed);
    }
    return lines.length === 0 ? null : lines;
  }

  private writeBlock(indent: number, head: string, offset: number, body: Body): void {
    const margin = ' '.repeat(indent);
    const end = endOf(body.span) - 1;
    if (body.statements.length === 0 && !this.hasComment(body)) {
      this.page.write(indent, [`${margin}${head} {}`], offset, end + 1);
      return;
    }
    this.page.write(indent, [`${margin}${head} {`], offset, body.span.offset + 1);
    this.page.beginBody();
    this.align(body.statements.map((statement) => (statement.kind === 'assert' ? statement : null)));
    for (const statement of body.statements) {
      this.writeStatement(indent + 2, statement);
    }
    this.page.endBody(indent, '}', end);
  }

  private hasComment(body: Body): boolean {
    return this.page.hasCommentBetween(body.span.offset, body.span.offset, endOf(body.span));
  }

  private checkLines(indent: number, check: Condition | AssertStatement, keyword: string): readonly string[] {
    const head = headOf(check, keyword).padEnd(this.widths.get(check) ?? 0);
    return wrap(`${' '.repeat(indent)}${head} `, expressionPieces(check.expression));
  }

  /**
   * Lines the expressions of neighbouring asserts or conditions up, when all or none of them name a scheme; null
   * stands for what interrupts them.
   */
  private align(checks: readonly (Condition | AssertStatement | null)[]): void {
    let group: (Condition | AssertStatement)[] = [];
    for (const check of [...checks, null]) {
      const last = group.at(-1);
      const joins =
        check !== null &&
        last !== undefined &&
        (check.scheme === null) === (last.scheme === null) &&
        !this.areApart(last, check);
      if (!joins) {
        this.setWidths(group);
        group = [];
      }
      if (check !== null) {
        group.push(check);
      }
    }
  }

  private setWidths(group: readonly (Condition | AssertStatement)[]): void {
    const heads = group.map((check) => headOf(check, keywordOf(check)).length);
    for (const check of group) {
      this.widths.set(check, Math.max(...heads));
    }
  }

  /** Whether a blank line, or a comment on a line of its own, separates two neighbours. */
  private areApart(before: Statement | TopLevelItem, after: Statement | TopLevelItem): boolean {
    const end = endOf(before.span);
    const isApart = after.span.line - this.page.lineOf(end - 1) > 1;
    return isApart || this.page.hasCommentBetween(end, after.span.offset, endOf(after.span));
  }
}

function keywordOf(check: Condition | AssertStatement): string {
  return check.kind === 'assert' ? 'assert' : check.conditionKind;
}

function headOf(check: Condition | AssertStatement, keyword: string): string {
  return check.scheme === null ? keyword : `${keyword}[${check.scheme.scheme}]`;
}

/** An operation or assert on one line; null for what has a body. */
function simpleText(statement: Statement): string | null {
  if (statement.kind === 'call') {
    return callText(statement);
  }
  if (statement.kind === 'assert') {
    return `${headOf(statement, 'assert')} ${expressionText(statement.expression)}`;
  }
  return null;
}
