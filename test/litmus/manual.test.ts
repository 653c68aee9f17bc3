import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { format } from '../../src/litmus/index.ts';
import { KEYWORDS } from '../../src/litmus/syntax/keywords.ts';
import { errorsOf } from './support/inspect.ts';
import { MANUAL_SECTIONS } from './support/manual.ts';

const PATH = resolve(import.meta.dirname, '../../docs/litmus-language.md');
const manual = readFileSync(PATH, 'utf8');

describe('the manual of the language', () => {
  it('has the tables of the language in it (`npm run golden` puts them there)', async () => {
    let expected = manual;
    for (const [name, write] of Object.entries(MANUAL_SECTIONS)) {
      const section = new RegExp(`(<!-- ${name}: [^\n]*-->\n)[\\s\\S]*?(\n?<!-- end of ${name} -->)`);
      expect(manual).toMatch(section);
      expected = expected.replace(
        section,
        (_, begin: string) => `${begin}\n${write()}\n\n<!-- end of ${name} -->`,
      );
    }
    await expect(expected).toMatchFileSnapshot(PATH);
  });

  it('names every keyword', () => {
    for (const keyword of Object.keys(KEYWORDS)) {
      expect(manual).toMatch(new RegExp(`["\`]${keyword}\\b|\\b${keyword}\\(`));
    }
  });

  it('begins with a test that is in order and formatted', () => {
    const [, source = ''] = /```\n(DAX [\s\S]*?)```/.exec(manual) ?? [];
    expect(errorsOf(source)).toEqual([]);
    expect(format(source)).toEqual({ text: source });
  });
});
