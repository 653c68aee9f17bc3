import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOM = resolve(import.meta.dirname, '../../src/litmus');

const files = readdirSync(ROOM, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));

describe('the room of the language', () => {
  it('imports nothing but itself and valibot, so that it runs in a browser', () => {
    const foreign: string[] = [];
    for (const file of files) {
      const source = readFileSync(join(ROOM, file), 'utf8');
      for (const [, target = ''] of source.matchAll(/from '([^']+)'/g)) {
        const isInside = target.startsWith('.') && resolve(ROOM, file, '..', target).startsWith(ROOM);
        if (!isInside && target !== 'valibot') {
          foreign.push(`${file}: ${target}`);
        }
      }
    }
    expect(files.length).toBeGreaterThan(40);
    expect(foreign).toEqual([]);
  });

  it('leaves valibot to those who read JSON', () => {
    const users = files.filter((file) => readFileSync(join(ROOM, file), 'utf8').includes("'valibot'"));
    expect(users.every((file) => file.startsWith('output'))).toBe(true);
  });
});
