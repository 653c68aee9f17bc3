import type { Operation, Parameter } from '../operations/operation.ts';
import { signatureOf } from '../operations/signature.ts';
import type { Span } from '../source/span.ts';
import type { Argument } from '../syntax/ast.ts';
import type { Report } from './report.ts';
import {
  bareWord,
  expectedOneOf,
  hasWord,
  isCombination,
  noWordMessage,
  suggestWord,
  wordsOf,
} from './words.ts';

/** Arguments by the name of their parameter. */
export type BoundArguments = ReadonlyMap<string, Argument>;

/**
 * Finds the parameter of every argument: those by position first, then named ones and flags in any order. A
 * bare word counts as a flag where one stands; in the place of another argument it does so only when nothing is
 * called so (`isName`). `span` is where a missing argument is reported.
 */
export function bindArguments(
  list: readonly Argument[],
  operation: Operation,
  span: Span,
  isName: (word: string) => boolean,
  report: Report,
): BoundArguments {
  const binder = new Binder(operation, isName, report);
  for (const argument of list) {
    binder.add(argument);
  }
  binder.checkMissing(span);
  return binder.bound;
}

class Binder {
  readonly bound = new Map<string, Argument>();
  private readonly operation: Operation;
  private readonly isName: (word: string) => boolean;
  private readonly report: Report;
  private readonly places: readonly Parameter[];
  private place = 0;
  private pastPositions = false;
  private failed = false;

  constructor(operation: Operation, isName: (word: string) => boolean, report: Report) {
    this.operation = operation;
    this.isName = isName;
    this.report = report;
    this.places = operation.parameters.filter((parameter) => !parameter.namedOnly);
  }

  add(argument: Argument): void {
    if (argument.name !== null) {
      this.addNamed(argument, argument.name.name);
      return;
    }
    const word = bareWord(argument);
    const next = this.pastPositions ? undefined : this.places[this.place];
    const isWordPlace = next === undefined || next.type.kind === 'choice' || next.type.kind === 'flag';
    const wordParameter = word === null ? null : this.parameterWithWord(word, next);
    if (word !== null && wordParameter !== null && (isWordPlace || !this.isName(word))) {
      this.addWord(argument, wordParameter, wordParameter === next);
    } else if (next === undefined) {
      this.reportSurplus(argument, word);
    } else if (isWordPlace) {
      this.reportNoWord(argument, next, word);
    } else {
      this.bound.set(next.name, argument);
      this.place += 1;
    }
  }

  /** Arguments that are missing are only reported when nothing else went wrong: they may be the misplaced ones. */
  checkMissing(span: Span): void {
    const missing = this.operation.parameters.filter(
      ({ name, required }) => required && !this.bound.has(name),
    );
    if (missing.length === 0 || this.failed) {
      return;
    }
    const names = missing.map((parameter) => `'${parameter.name}'`).join(', ');
    const noun = missing.length === 1 ? 'argument' : 'arguments';
    this.report.error(
      span,
      `'${this.operation.name}' lacks its ${noun} ${names}`,
      `expected ${signatureOf(this.operation)}`,
    );
  }

  private addNamed(argument: Argument, name: string): void {
    this.pastPositions = true;
    const span = argument.name?.span ?? argument.span;
    const parameter = this.operation.parameters.find((candidate) => candidate.name === name);
    if (parameter === undefined) {
      const names = this.operation.parameters.map((candidate) => candidate.name);
      const hint = this.report.suggest(name, names, `expected ${signatureOf(this.operation)}`);
      this.fail(span, `'${this.operation.name}' has no argument '${name}'`, hint);
    } else if (parameter.type.kind === 'flag') {
      this.fail(span, `'${name}' is a flag`, `write ${name} alone, or leave it out`);
    } else {
      this.bind(parameter, argument, span);
    }
  }

  private addWord(argument: Argument, parameter: Parameter, isInPlace: boolean): void {
    if (isInPlace) {
      this.place += 1;
    } else {
      this.pastPositions = true;
    }
    this.bind(parameter, argument, argument.span);
  }

  private bind(parameter: Parameter, argument: Argument, span: Span): void {
    const before = this.bound.get(parameter.name);
    if (before === undefined) {
      this.bound.set(parameter.name, argument);
      return;
    }
    const words = [before, argument]
      .map(bareWord)
      .filter((word) => word !== null && hasWord(parameter, word));
    const [first = parameter.name, second = first] = words;
    if (first === second) {
      this.fail(span, `'${first}' is given twice`, 'remove one of them');
    } else {
      this.fail(span, `'${first}' and '${second}' exclude each other`, expectedOneOf(wordsOf(parameter)));
    }
  }

  private parameterWithWord(word: string, next: Parameter | undefined): Parameter | null {
    if (next !== undefined && hasWord(next, word)) {
      return next;
    }
    return this.operation.parameters.find((parameter) => hasWord(parameter, word)) ?? null;
  }

  /** Only the first argument too many is reported: the others follow from it. */
  private reportSurplus(argument: Argument, word: string | null): void {
    if (this.failed) {
      return;
    }
    const words = this.operation.parameters.flatMap(wordsOf);
    const signature = `expected ${signatureOf(this.operation)}`;
    if (word !== null && (words.length > 0 || !this.isName(word))) {
      this.fail(
        argument.span,
        `'${this.operation.name}' takes no '${word}' here`,
        suggestWord(word, words, signature, this.report),
      );
    } else if (this.pastPositions && this.places.length > this.place) {
      this.fail(argument.span, 'an argument by position after a named one or a flag', signature);
    } else {
      this.fail(argument.span, `too many arguments for '${this.operation.name}'`, signature);
    }
  }

  private reportNoWord(argument: Argument, parameter: Parameter, word: string | null): void {
    this.place += 1;
    const { span } = argument;
    const expected = parameter.required
      ? expectedOneOf(wordsOf(parameter))
      : `expected ${signatureOf(this.operation)}`;
    if (word !== null) {
      const words = [...wordsOf(parameter), ...this.operation.parameters.flatMap(wordsOf)];
      const message = parameter.required
        ? `unknown word '${word}' for '${parameter.name}'`
        : `'${this.operation.name}' takes no '${word}' here`;
      this.fail(span, message, suggestWord(word, words, expected, this.report));
    } else if (parameter.required) {
      this.fail(span, noWordMessage(argument, parameter), expected);
    } else if (isCombination(argument)) {
      this.fail(span, 'flags that an operator combines', 'separate them by commas');
    } else {
      this.fail(span, `'${this.operation.name}' takes a flag here`, expected);
    }
  }

  private fail(span: Span, message: string, hint: string): void {
    this.failed = true;
    this.report.error(span, message, hint);
  }
}
