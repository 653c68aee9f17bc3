import { endOf } from '../source/span.ts';
import { readTokens } from '../syntax/lexer.ts';
import type { Token } from '../syntax/token.ts';

/** Where a cursor stands, as far as the tokens before it tell. */
export interface Place {
  /** The part of a word that is typed already. */
  readonly prefix: string;
  /** Tokens before that word, the nearest last. */
  readonly before: readonly Token[];
  /** Name of the operation or device kind whose argument list is open, else null. */
  readonly callee: string | null;
  /** Named arguments and bare words of that list so far. */
  readonly given: ReadonlySet<string>;
  /** Whether a body is open. */
  readonly inBody: boolean;
}

/** Where `offset` is; null inside of a comment or a string. */
export function placeOf(source: string, offset: number): Place | null {
  const { tokens, comments, errors } = readTokens(source.slice(0, offset));
  const words = tokens.slice(0, -1);
  const last = words.at(-1);
  const isInComment = comments.some(
    (comment) => endOf(comment.span) >= offset && comment.span.offset < offset,
  );
  const isInString =
    last?.kind === 'string' && errors.some((error) => error.span.offset === last.span.offset);
  if (isInComment || isInString) {
    return null;
  }
  const typed = last !== undefined && isWord(last) && endOf(last.span) === offset ? last : null;
  const before = typed === null ? words : words.slice(0, -1);
  return { prefix: typed?.text ?? '', before, ...openBrackets(before) };
}

function isWord({ kind }: Token): boolean {
  return kind === 'word' || kind === 'dashedWord';
}

function openBrackets(tokens: readonly Token[]): Pick<Place, 'callee' | 'given' | 'inBody'> {
  let depth = 0;
  const lists: { readonly callee: string | null; readonly given: Set<string> }[] = [];
  tokens.forEach((token, index) => {
    if (token.kind === 'symbol' && token.text === '(') {
      const previous = tokens[index - 1];
      lists.push({ callee: previous?.kind === 'word' ? previous.text : null, given: new Set() });
    } else if (token.kind === 'symbol' && token.text === ')') {
      lists.pop();
    } else if (token.kind === 'symbol' && (token.text === '{' || token.text === '}')) {
      depth += token.text === '{' ? 1 : -1;
      lists.length = 0;
    } else if (token.kind === 'word') {
      lists.at(-1)?.given.add(token.text);
    }
  });
  const list = lists.at(-1);
  return { callee: list?.callee ?? null, given: list?.given ?? new Set(), inBody: depth > 0 };
}
