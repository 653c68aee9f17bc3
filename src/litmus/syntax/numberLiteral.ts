import { LIMITS } from '../source/limits.ts';

const NUMBER = /^(?:0[xX]([0-9a-fA-F]+)|([0-9]+))([KMG]?)$/;

const SUFFIX_FACTORS: Readonly<Record<string, number>> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 };

const TOO_LARGE_HINT = `the largest is 2^53 - 1 = ${LIMITS.number}: beyond it, not every number is computed exactly`;

/** What a number means, or what is wrong with it. */
export type NumberReading = { readonly value: number } | { readonly message: string; readonly hint: string };

/** Reads decimal or 0x hexadecimal with an optional K, M or G. */
export function readNumber(text: string): NumberReading {
  const match = NUMBER.exec(text);
  if (match === null) {
    return { message: `'${text}' is not a number`, hint: malformedHint(text) };
  }
  const [, hexadecimal, decimal, suffix = ''] = match;
  const digits = hexadecimal === undefined ? Number(decimal) : Number.parseInt(hexadecimal, 16);
  const value = digits * (SUFFIX_FACTORS[suffix] ?? 1);
  if (value > LIMITS.number) {
    return { message: `the number ${text} is too large`, hint: TOO_LARGE_HINT };
  }
  return { value };
}

function malformedHint(text: string): string {
  const upper = text.replace(/[kmg]$/, (suffix) => suffix.toUpperCase());
  if (upper !== text && NUMBER.test(upper)) {
    return `write ${upper}: the suffixes are K, M and G`;
  }
  return 'write decimal or 0x hexadecimal digits, then at most one of K, M, G';
}
