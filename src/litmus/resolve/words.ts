import { withoutPrefix, wordOfKernelName } from '../operations/kernelWords.ts';
import type { Parameter } from '../operations/operation.ts';
import type { Argument, Expression } from '../syntax/ast.ts';
import type { Report } from './report.ts';

/** The word of an argument that is nothing but a name, else null. */
export function bareWord(argument: Argument): string | null {
  const { value } = argument;
  return value.kind === 'path' && value.accessors.length === 0 ? value.root.name : null;
}

/** The bare words that stand for the parameter. */
export function wordsOf(parameter: Parameter): readonly string[] {
  const { type } = parameter;
  if (type.kind === 'flag') {
    return [parameter.name];
  }
  return type.kind === 'choice' ? type.words : [];
}

/** Whether the word stands for the parameter. */
export function hasWord(parameter: Parameter, word: string): boolean {
  return wordsOf(parameter).includes(word);
}

/** `expected one of r, rw, w`. */
export function expectedOneOf(words: readonly string[]): string {
  return words.length === 1 ? `expected ${words.join()}` : `expected one of ${words.join(', ')}`;
}

/** A hint: the word that the writer probably meant, be it by the kernel's name of it, else what else to do. */
export function suggestWord(
  written: string,
  words: readonly string[],
  otherwise: string,
  report: Report,
): string {
  const known = wordOfKernelName(written, words);
  return report.suggest(known ?? withoutPrefix(written), words, otherwise);
}

/** Whether an argument puts names together by operators, as flags are in C. */
export function isCombination({ value }: Argument): boolean {
  const inner = value.kind === 'parenthesized' ? value.inner : value;
  return inner.kind === 'binary' && areNames(inner);
}

function areNames(expression: Expression): boolean {
  switch (expression.kind) {
    case 'binary':
      return areNames(expression.left) && areNames(expression.right);
    case 'parenthesized':
      return areNames(expression.inner);
    default:
      return expression.kind === 'path' && expression.accessors.length === 0;
  }
}

/** What is wrong with an argument that is no word, where one of a choice must stand. */
export function noWordMessage(argument: Argument, parameter: Parameter): string {
  return `${isCombination(argument) ? 'several words' : 'no word'} for '${parameter.name}'`;
}
