import { describe, expect, it } from 'vitest';
import { ownFiles, roomOf } from './sources.ts';

const files = ownFiles();

/** Rooms that the files of a room may import, besides its own. Rooms that are not listed are free. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  machine: [],
  compile: ['machine'],
  kernel: ['machine', 'compile'],
  litmus: [],
  run: ['machine', 'compile', 'kernel', 'litmus'],
  check: ['machine', 'compile', 'kernel', 'litmus', 'run'],
  bugs: ['machine', 'compile', 'kernel', 'litmus', 'run', 'check'],
  inspect: [],
  lab: ['inspect', 'litmus'],
  compare: ['litmus'],
};

/** Rooms that run in a browser. */
const EVERYWHERE = ['machine', 'kernel', 'litmus', 'run', 'check', 'bugs'];

/** Globals that only Node has; a variable of ours may well be called `process`. */
const NODE_GLOBALS =
  /\bprocess\.(argv|cwd|env|exit|exitCode|hrtime|memoryUsage|nextTick|on|platform|std\w+|version)\b|\b(Buffer|__dirname|__filename)\b|\brequire\(/;

describe('rooms', () => {
  it('import only the rooms below them', () => {
    const broken = files.flatMap(({ path, imports }) => {
      const allowed = MAY_IMPORT[roomOf(path)];
      if (allowed === undefined) return [];
      return imports
        .filter(({ target }) => {
          const room = roomOf(target);
          return room !== '' && room !== roomOf(path) && !allowed.includes(room);
        })
        .map(({ target }) => `${path} imports ${target}`);
    });
    expect(broken).toEqual([]);
  });

  it('leave the command line to itself', () => {
    const broken = files.flatMap(({ path, imports }) =>
      roomOf(path) === 'cli' ? [] : imports.filter(({ target }) => roomOf(target) === 'cli').map(() => path),
    );
    expect(broken).toEqual([]);
  });

  it('that compare outputs know only the output of the contract', () => {
    const broken = files
      .filter(({ path }) => roomOf(path) === 'compare')
      .flatMap(({ path, imports }) =>
        imports
          .filter(({ target }) => roomOf(target) === 'litmus' && !target.startsWith('src/litmus/output/'))
          .map(() => path),
      );
    expect(broken).toEqual([]);
  });

  it.each(EVERYWHERE)('%s uses nothing of Node’s', (room) => {
    const broken = files
      .filter(({ path }) => roomOf(path) === room)
      .flatMap(({ path, imports, code }) => [
        ...imports.filter(({ target }) => /^node:|^(fs|path|os|util)$/.test(target)).map(() => path),
        ...(NODE_GLOBALS.test(code) ? [path] : []),
      ]);
    expect(broken).toEqual([]);
  });

  it.each([...EVERYWHERE, 'compile'])('%s uses no clock and no chance', (room) => {
    const broken = files
      .filter(
        ({ path, code }) => roomOf(path) === room && /\bDate\b|\bMath\.random\b|\bperformance\b/.test(code),
      )
      .map(({ path }) => path);
    expect(broken).toEqual([]);
  });

  it('need the parser of TypeScript only where sources are read, at build time', () => {
    const users = files
      .filter(({ imports }) => imports.some(({ target, typeOnly }) => target === 'oxc-parser' && !typeOnly))
      .map(({ path }) => path);
    expect(users).toEqual(['src/compile/reader/readFile.ts']);
  });
});

describe('kernel files', () => {
  it('of the shared room reach a scheme only by #scheme', () => {
    const broken = files
      .filter(({ path }) => path.startsWith('src/kernel/common/'))
      .flatMap(({ path, imports }) =>
        imports
          .filter(({ target }) => /^src\/kernel\/(devmap|refcount)\//.test(target))
          .map(({ target }) => `${path} imports ${target}`),
      );
    expect(broken).toEqual([]);
  });

  it('of one scheme never reach the other', () => {
    const broken = files.flatMap(({ path, imports }) => {
      const scheme = /^src\/kernel\/(devmap|refcount)\//.exec(path)?.[1];
      const other = scheme === 'devmap' ? 'refcount' : 'devmap';
      if (scheme === undefined) return [];
      return imports.filter(({ target }) => target.startsWith(`src/kernel/${other}/`)).map(() => path);
    });
    expect(broken).toEqual([]);
  });
});
