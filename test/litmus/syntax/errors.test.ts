import { describe, expect, it } from 'vitest';
import { EXAMPLE } from '../support/contractExample.ts';
import { syntaxErrors } from '../support/inspect.ts';

/** What is written, and every error it must give. */
const cases: readonly (readonly [what: string, source: string, errors: readonly string[]])[] = [
  ['an empty file', '', ['t:1:1: the file is empty (a test begins with DAX NAME "one sentence")']],
  [
    'a file of comments',
    '# nothing\n\n',
    ['t:3:1: the file is empty (a test begins with DAX NAME "one sentence")'],
  ],
  [
    'no DAX',
    'device d = devdax(size=4M)',
    ['t:1:1: no \'DAX\' at the beginning (a test begins with DAX NAME "one sentence")'],
  ],
  [
    'a test without a name',
    'DAX\ndevice d = devdax(size=4M)',
    [
      "t:1:4: something is missing here (expected the test's name: a letter, then letters, digits, '_' and '-')",
    ],
  ],
  [
    'a word in another case',
    'DAX x\nProcess P { }',
    ["t:2:1: 'Process' cannot stand outside of a process (did you mean 'process'?)"],
  ],
  [
    'a semicolon',
    'DAX x process P { munmap(m); }',
    ["t:1:28: unexpected character ';' (leave it out: white space separates statements)"],
  ],
  [
    'a comma left out',
    'DAX x process P { store(m 0, 7) }',
    [
      "t:1:27: unexpected '0' (expected ',' or the ')' that ends the arguments of 'store', for the '(' at 1:24)",
    ],
  ],
  [
    'a parenthesis left open at the end of a line',
    'DAX x\nprocess P {\n  store(m, 0, 7\n  munmap(m)\n}',
    [
      "t:3:16: something is missing here (expected ',' or the ')' that ends the arguments of 'store', for the '(' at 3:8)",
    ],
  ],
  [
    'a comma at the end of the arguments',
    'DAX x process P { munmap(m,) }',
    ["t:1:28: unexpected ')' (expected an argument after the ',')"],
  ],
  [
    'an assignment in the place of a comparison',
    'DAX x exists p = 1',
    ["t:1:16: unexpected '=' (write '==' to compare)"],
  ],
  [
    'operators on bits, which there are none of',
    'DAX x exists 1 & 2 finally (p | q) == 1',
    ["t:1:16: unexpected '&' (write '&&')", "t:1:31: unexpected '|' (write '||')"],
  ],
  [
    'flags and words that are put together as in C',
    'DAX x process P { f = open(d, "a", create | trunc) mmap(f, prot=r|w, length=4K) mmap(d, (r | w) }',
    [
      "t:1:43: unexpected '|' (separate flags by commas)",
      "t:1:66: unexpected '|' (give 'prot' one value, and separate flags by commas)",
      "t:1:92: unexpected '|' (separate flags by commas)",
      "t:1:97: unexpected '}' (expected ',' or the ')' that ends the arguments of 'mmap', for the '(' at 1:85)",
    ],
  ],
  [
    'a string in the place of a value',
    'DAX x exists "a"[0].refcount == 1',
    [
      't:1:14: unexpected string (expected a value: a number, a register, a term such as d[0].refcount, or an errno name)',
    ],
  ],
  [
    'an expression without its end',
    'DAX x\nexists p ==\nexists p == 1',
    [
      't:2:12: something is missing here (expected a value: a number, a register, a term such as d[0].refcount, or an errno name)',
    ],
  ],
  [
    'a body left open at the end',
    'DAX x process P {\n  thread A {\n  munmap(m)\n',
    ["t:3:12: the file ends here (expected '}' to close the body of thread A, opened at 2:12)"],
  ],
  [
    'a condition inside of a body, once',
    'DAX x\nprocess P {\n  munmap(m)\n  exists 1\n}\nexists 1',
    [
      "t:4:3: 'exists' cannot stand inside of a body (close the body of process P, opened at 2:11, with '}' before it)",
    ],
  ],
  [
    'a brace too many',
    'DAX x process P { } }',
    ["t:1:21: '}' closes nothing (remove it, or find the body that was closed too early)"],
  ],
  [
    'what C has for branches and loops',
    'DAX x process P {\n  if (r == 0) { munmap(m) }\n  else { munmap(m) }\n  while (1) { munmap(m) }\n  toString() constructor()\n  munmap m\n}',
    [
      "t:2:3: the language has no 'if' (an operation on a register that holds an error is skipped; a condition says what else may come out)",
      "t:3:3: the language has no 'else' (an operation on a register that holds an error is skipped; a condition says what else may come out)",
      "t:4:3: the language has no 'while' (repeat N { … } runs its body N times)",
      "t:6:3: 'munmap' begins no statement (expected '(' or '=' after 'munmap')",
    ],
  ],
  [
    'a misspelt keyword, and the error after its block',
    'DAX x process P { thraed A { munmap(m) } repeat x { } }',
    [
      "t:1:19: 'thraed' begins no statement (did you mean 'thread'?)",
      "t:1:49: unexpected 'x' (expected how many times to repeat, a number)",
    ],
  ],
  [
    'a keyword as a name',
    'DAX x process fork { }',
    ["t:1:15: 'fork' is a keyword (choose another name for a process)"],
  ],
  [
    'keywords as names, each once',
    'DAX x\ndevice process = devdax(size=4M)\nprocess P {\n  barrier(never)\n  r = load(m, always)\n  exists = load(m, 0)\n' +
      '  thread fork { munmap(m) }\n  assert repeat[0].refcount == hazard && P.finally == thread\n  s = never\n  t = load(m, 0)\n}\nexists exists',
    [
      "t:2:8: 'process' is a keyword (choose another name for a device)",
      "t:4:11: 'never' is a keyword (choose another name)",
      "t:5:15: 'always' is a keyword (choose another name)",
      "t:6:3: 'exists' is a keyword (choose another name for the register)",
      "t:7:10: 'fork' is a keyword (choose another name for a thread)",
      "t:8:10: 'repeat' is a keyword (choose another name)",
      "t:8:32: 'hazard' is a keyword (choose another name)",
      "t:8:44: 'finally' is a keyword (expected the name of a field or register)",
      "t:8:55: 'thread' is a keyword (choose another name)",
      "t:9:7: 'never' is a keyword (expected an operation such as load)",
      "t:12:8: 'exists' is a keyword (choose another name)",
    ],
  ],
  [
    'a keyword that begins what comes next',
    'DAX x process P { assert 1 == assert 2 assert x == }\nexists 1 + exists 1\nexists 2 == never[devmap] 1',
    [
      "t:1:31: unexpected 'assert' (expected a value: a number, a register, a term such as d[0].refcount, or an errno name)",
      "t:1:52: unexpected '}' (expected a value: a number, a register, a term such as d[0].refcount, or an errno name)",
      "t:2:12: unexpected 'exists' (expected a value: a number, a register, a term such as d[0].refcount, or an errno name)",
      "t:3:13: unexpected 'never' (expected a value: a number, a register, a term such as d[0].refcount, or an errno name)",
    ],
  ],
  [
    'an unknown scheme',
    'DAX x exists[devmpa] 1 process P { assert[refconut] 1 }',
    [
      "t:1:14: unknown scheme 'devmpa' (did you mean 'devmap'?)",
      "t:1:43: unknown scheme 'refconut' (did you mean 'refcount'?)",
    ],
  ],
  [
    'a hazard without its reason',
    'DAX x hazard leak',
    ['t:1:18: the file ends here (expected why, in double quotes)'],
  ],
  [
    'a suffix in small letters',
    'DAX x exists 4k',
    ["t:1:14: '4k' is not a number (write 4K: the suffixes are K, M and G)"],
  ],
  [
    'a number with letters',
    'DAX x exists 12ab exists 0x exists 0xfg',
    [
      "t:1:14: '12ab' is not a number (write decimal or 0x hexadecimal digits, then at most one of K, M, G)",
      "t:1:26: '0x' is not a number (write decimal or 0x hexadecimal digits, then at most one of K, M, G)",
      "t:1:36: '0xfg' is not a number (write 0xfG: the suffixes are K, M and G)",
    ],
  ],
  [
    'a number beyond 2^53',
    'DAX x exists 9007199254740992',
    [
      't:1:14: the number 9007199254740992 is too large (the largest is 2^53 - 1 = 9007199254740991: beyond it, not every number is computed exactly)',
    ],
  ],
  [
    'a string without its end',
    'DAX x "abc\n',
    ['t:1:7: the string has no end (close it with " on the same line)'],
  ],
  ['an unknown escape', 'DAX x "a\\nb"', ['t:1:7: unknown escape \\n (only \\" and \\\\ are escapes)']],
  [
    'comments of C',
    'DAX x // no\n/* neither\n */ exists 1',
    [
      't:1:7: this is no comment (comments begin with #)',
      't:2:1: this is no comment (comments begin with #)',
    ],
  ],
  [
    'letters that are no ASCII',
    'DAX x exists größe',
    ["t:1:14: 'größe' is no name (outside of strings and comments there is only ASCII)"],
  ],
  [
    'two tests in a file',
    'DAX x DAX y',
    ['t:1:7: a second test in the file (one test a file; move it to a file of its own)'],
  ],
  [
    'an unknown kind of device',
    'DAX x device d = devdx(size=4M)',
    ["t:1:18: unknown kind of device 'devdx' (did you mean 'devdax'?)"],
  ],
  [
    'an operation in an expression',
    'DAX x process P { assert load(m, 0) == 1 assert[devmap] peek(P, m, 0) == 1 }',
    [
      "t:1:26: 'load' is no value (let a register take the result of an operation, r = load(…), and use that)",
      "t:1:57: 'peek' is no value (let a register take the result of an operation, r = load(…), and use that)",
    ],
  ],
  [
    'several mistakes in one pass',
    'DAX x\nprocess P {\n  m = mmap(d, length=4K prot=rw)\n  store(m, , 7)\n  munmap m\n  assert 1 +\n}\nfinaly 1\nexists (1',
    [
      "t:3:25: unexpected 'prot' (expected ',' or the ')' that ends the arguments of 'mmap', for the '(' at 3:11)",
      "t:4:12: unexpected ',' (expected an argument)",
      "t:5:3: 'munmap' begins no statement (expected '(' or '=' after 'munmap')",
      't:6:13: something is missing here (expected a value: a number, a register, a term such as d[0].refcount, or an errno name)',
      "t:8:1: 'finaly' cannot stand outside of a process (did you mean 'finally'?)",
      "t:9:10: the file ends here (expected ')' for the '(' at 9:8, or an operator)",
    ],
  ],
  [
    'a value left out before an operation on the next line',
    'DAX x process P {\n  assert 1 ==\n  munmap(m)\n  munmap m\n}',
    [
      't:2:14: something is missing here (expected a value: a number, a register, a term such as d[0].refcount, or an errno name)',
      "t:4:3: 'munmap' begins no statement (expected '(' or '=' after 'munmap')",
    ],
  ],
  [
    'mistakes in two statements, one of them on the line of the other',
    'DAX x process P { store(m 0, 7) munmap(m,)\n r = load(m, 0 }',
    [
      "t:1:27: unexpected '0' (expected ',' or the ')' that ends the arguments of 'store', for the '(' at 1:24)",
      "t:1:42: unexpected ')' (expected an argument after the ',')",
      "t:2:16: unexpected '}' (expected ',' or the ')' that ends the arguments of 'load', for the '(' at 2:10)",
    ],
  ],
  [
    'bodies without what they are the bodies of',
    'DAX x\nQ { munmap(m) }\nprocess P {\n  A { munmap(m) }\n  unpin p\n}\nexists p = 1',
    [
      "t:2:1: 'Q' cannot stand outside of a process (expected 'process' before it, since a body follows)",
      "t:4:3: 'A' begins no statement (expected 'thread', 'fork' or 'repeat' before it, since a body follows)",
      "t:5:3: 'unpin' begins no statement (expected '(' or '=' after 'unpin')",
      "t:7:10: unexpected '=' (write '==' to compare)",
    ],
  ],
  [
    'items that have no end',
    'DAX x\ndevice d = devdax(size=4M\nprocess P { munmap(m }\nexists (1\nfinally 1 "2"',
    [
      "t:2:26: something is missing here (expected ',' or the ')' that ends the arguments of 'devdax', for the '(' at 2:18)",
      "t:3:22: unexpected '}' (expected ',' or the ')' that ends the arguments of 'munmap', for the '(' at 3:19)",
      "t:4:10: something is missing here (expected ')' for the '(' at 4:8, or an operator)",
      "t:5:11: a string cannot stand outside of a process (expected 'device', 'process', 'always', 'finally', 'exists', 'never' or 'hazard')",
    ],
  ],
];

describe('errors of the grammar', () => {
  it.each(cases)('reports %s', (_what, source, errors) => {
    expect(syntaxErrors(source)).toEqual(errors);
  });

  it('stand in the order of the source, each on its own place', () => {
    const errors = syntaxErrors(EXAMPLE.replaceAll(',', ' ').replaceAll('==', '='));
    const places = errors.map((error) => error.split(':').slice(1, 3).map(Number));
    expect(errors.length).toBeGreaterThan(5);
    expect(new Set(places.map(String)).size).toBe(places.length);
    expect(places).toEqual(places.toSorted(([a = 0, b = 0], [c = 0, d = 0]) => a - c || b - d));
  });
});

describe('what is no text', () => {
  it('gives one error for a NUL byte, at its place', () => {
    expect(syntaxErrors('DAX x\n ab\0\0cd')).toEqual([
      't:2:4: not a text file: it contains a NUL byte (a test is UTF-8 text)',
    ]);
  });

  it('gives one error for bytes that are no UTF-8, even in a comment', () => {
    const source = new TextDecoder().decode(new Uint8Array([0x44, 0x41, 0x58, 0x20, 0x78, 0x23, 0xff, 0xfe]));
    expect(syntaxErrors(source)).toEqual([
      't:1:7: not a text file: these bytes are no UTF-8 (a test is UTF-8 text)',
    ]);
  });
});
