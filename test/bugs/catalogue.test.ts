import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bugNamed, bugs, kernelWith } from '../../src/bugs/index.ts';
import { link } from '../../src/compile/link.ts';
import { format, isPropertyName } from '../../src/litmus/index.ts';

const root = join(import.meta.dirname, '..', '..');
const manual = readFileSync(join(root, 'docs', 'bugs.md'), 'utf8');

/** The lines of the table of bugs that Linux had, by what it says of their state. */
const lines = [...manual.matchAll(/^\| .* \| (.*) \| (here|here in part) \| (.*) \|$/gm)].map(
  ([, fix = '', , where = '']) => ({
    fix,
    folders: [...where.matchAll(/`([a-z-]+)`/g)].map(([, name = '']) => name),
  }),
);

/** Kernel functions that operations of the bugs' tests call. */
const ENTRIES = ['sys_munmap', 'unpin_pages'];

const named = bugs.map((bug) => [bug.name, bug] as const);

describe('the catalogue of bugs', () => {
  it('has each folder of bugs/ once', () => {
    const folders = readdirSync(join(root, 'bugs'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort();
    expect(bugs.map(({ name }) => name)).toEqual(folders);
    expect(bugNamed(folders[0] ?? '')?.name).toBe(folders[0]);
    expect(bugNamed('no-such-bug')).toBeUndefined();
  });

  it.each(named)('the manual names %s, beside the change that fixed it', (name, { fix }) => {
    expect(manual).toContain(`\`${name}\``);
    if (fix === null) return;
    const subject = fix.commit === null ? fix.subject : `${fix.subject} ${fix.commit}`;
    expect(lines.filter(({ folders }) => folders.includes(name)).map((line) => line.fix)).toContain(subject);
  });

  it('has every bug that the manual calls expressed', () => {
    const names = lines.flatMap(({ folders }) => folders);
    expect(names.filter((name) => bugNamed(name) === undefined)).toEqual([]);
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.filter(({ folders }) => folders.length === 0)).toEqual([]);
  });

  it.each(named)('%s breaks a property, or a condition that its test has', (_name, { breaks, program }) => {
    const kinds: string[] = program.conditions.map(({ kind }) => kind);
    expect(isPropertyName(breaks) || kinds.includes(breaks)).toBe(true);
  });

  it.each(named)(
    '%s changes every kernel function that it declares to replace, and no other',
    (_name, bug) => {
      const replaced = Object.values(bug.overrides).sort();
      const declared = bug.kernel.declarations.map(({ name }) => name).sort();
      expect(declared).toEqual(replaced);
      for (const [original, replacement] of Object.entries(bug.overrides)) {
        expect(replacement.startsWith(`${original}__`)).toBe(true);
      }
    },
  );

  it.each(named)('%s can be compiled to frames, as an exhaustive search needs it', (_name, bug) => {
    const { sources, overrides } = kernelWith(bug);
    const kernel = link(sources, 'frames', { scheme: bug.schemes[0] ?? 'refcount', overrides });
    for (const entry of ENTRIES) expect(kernel.program(entry).points.length).toBeGreaterThan(0);
  });

  it.each(named)('the test of %s bears its name and is in canonical form', (name, { program, test }) => {
    expect(program.name).toBe(name);
    const formatted = format(test);
    expect('text' in formatted ? formatted.text : formatted).toBe(test);
  });
});
