import fc from 'fast-check';

/**
 * Random tests that follow the grammar, as lists of tokens; names need not mean anything. `spell` puts them
 * into a source with random white space, line ends and comments between them.
 */

type Tokens = readonly string[];

const name = fc.constantFrom('a', 'b2', '_c', 'm', 'p', 'rw', 'write', 'Longer_name');
const number = fc.constantFrom('0', '1', '4K', '0x1fM', '007', '2G');
const text = fc.constantFrom('""', '"x y"', '"a \\"quoted\\" # word"', '"back\\\\slash"');
const scheme = fc.constantFrom<Tokens>([], ['[', 'devmap', ']'], ['[', 'refcount', ']']);
const binary = fc.constantFrom('==', '!=', '<', '<=', '>', '>=', '&&', '||', '+', '-', '*', '/', '%');

const { expression } = fc.letrec<{ expression: Tokens; path: Tokens }>((tie) => ({
  path: fc
    .tuple(name, fc.array(accessor(tie('expression')), { maxLength: 3 }))
    .map(([root, rest]) => [root, ...rest.flat()]),
  expression: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(number, fc.constantFrom('true', 'false', 'idle')).map((token) => [token]),
    tie('path'),
    fc
      .tuple(fc.constantFrom('!', '-'), tie('expression'))
      .map(([operator, operand]) => [operator, ...operand]),
    tie('expression').map((inner) => ['(', ...inner, ')']),
    fc
      .tuple(tie('expression'), binary, tie('expression'))
      .map(([left, operator, right]) => [...left, operator, ...right]),
  ),
}));

function accessor(index: fc.Arbitrary<Tokens>): fc.Arbitrary<Tokens> {
  return fc.oneof(
    name.map((field) => ['.', field]),
    index.map((inner) => ['[', ...inner, ']']),
  );
}

const value = fc.oneof(
  expression,
  text.map((token): Tokens => [token]),
);
const argument = fc.oneof(
  value,
  fc.tuple(name, value).map(([key, rest]): Tokens => [key, '=', ...rest]),
);

const list = fc
  .array(argument, { maxLength: 5 })
  .map(
    (items): Tokens => ['(', ...items.flatMap((item, index) => (index === 0 ? item : [',', ...item])), ')'],
  );

const call = fc
  .tuple(fc.option(name), name, list)
  .map(
    ([register, operation, rest]): Tokens => [
      ...(register === null ? [] : [register, '=']),
      operation,
      ...rest,
    ],
  );

const assert = fc.tuple(scheme, expression).map(([tag, rest]): Tokens => ['assert', ...tag, ...rest]);

const { body } = fc.letrec<{ body: Tokens; statement: Tokens }>((tie) => ({
  body: fc.array(tie('statement'), { maxLength: 5 }).map((statements) => ['{', ...statements.flat(), '}']),
  statement: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    call,
    assert,
    fc
      .tuple(fc.constantFrom('thread', 'fork'), name, tie('body'))
      .map(([kind, id, rest]) => [kind, id, ...rest]),
    fc.tuple(number, tie('body')).map(([count, rest]) => ['repeat', count, ...rest]),
  ),
}));

const item = fc.oneof(
  fc
    .tuple(name, fc.constantFrom('devdax', 'fsdax'), list)
    .map(([id, kind, rest]): Tokens => ['device', id, '=', kind, ...rest]),
  fc.tuple(name, body).map(([id, rest]): Tokens => ['process', id, ...rest]),
  fc
    .tuple(fc.constantFrom('always', 'finally', 'exists', 'never'), scheme, expression)
    .map(([kind, tag, rest]): Tokens => [kind, ...tag, ...rest]),
  fc.tuple(scheme, text).map(([tag, reason]): Tokens => ['hazard', ...tag, 'stale-tlb', reason]),
);

const tokens = fc
  .tuple(fc.constantFrom('x', 'a-b-', 'fork'), fc.option(text), fc.array(item, { maxLength: 8 }))
  .map(
    ([id, description, items]): Tokens => [
      'DAX',
      id,
      ...(description === null ? [] : [description]),
      ...items.flat(),
    ],
  );

const gap = fc.oneof(
  { weight: 6, arbitrary: fc.constant(' ') },
  { weight: 2, arbitrary: fc.constantFrom('\n', '\r\n', '\n\n', '\n\n\n  ', '\t') },
  { weight: 1, arbitrary: fc.constantFrom(' # behind\n', '\n  # above\n', '#tight\n\n', '\n# one\n# two\n') },
);

/** Random sources that the parser accepts. */
export const arbitraryTest: fc.Arbitrary<string> = tokens.chain((list) =>
  fc.array(gap, { minLength: list.length + 1, maxLength: list.length + 1 }).map((gaps) => {
    // The name of a test must follow on the line of its keyword, lest a keyword be taken for the next item.
    const before = (index: number): string => (index === 1 ? ' ' : (gaps[index] ?? ' '));
    return list.map((token, index) => before(index) + token).join('') + (gaps[list.length] ?? '');
  }),
);
