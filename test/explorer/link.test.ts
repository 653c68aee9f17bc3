import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeLink, encodeLink, type LinkState } from '../../explorer/src/link/link.ts';
import { linkTo } from '../../src/cli/explore/link.ts';

const STATE: LinkState = {
  file: 'litmus/devdax/fault/read-fault.litmus',
  text: null,
  bug: null,
  schedules: { refcount: '1r-0x173-2' },
  row: 281,
  selection: 'd[0]',
  view: 'run',
};

/** Sixty lines that are not all alike. */
const SIXTY_LINES = Array.from(
  { length: 60 },
  (_, line) => `  r${line} = load(mapping_${line % 7}, ${line * 4096}, ${(line * 7919) % 256})`,
).join('\n');

describe('a link', () => {
  it('says what it was made of', async () => {
    expect(await decodeLink(`#${await encodeLink(STATE)}`)).toEqual(STATE);
  });

  it('keeps any text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 400 }), async (text) => {
        expect(await decodeLink(await encodeLink({ ...STATE, text }))).toEqual({ ...STATE, text });
      }),
    );
  });

  it('is below 4 kB for a test of 60 lines, and stands in an address as it is', async () => {
    const link = await encodeLink({ ...STATE, text: SIXTY_LINES });
    expect(link.length).toBeLessThan(4000);
    expect(link).toMatch(/^[\w.-]+$/);
  });

  it('of the command line opens the test in the page', async () => {
    expect(await decodeLink(linkTo('my.litmus', 'DAX mine'))).toEqual({
      file: 'my.litmus',
      text: 'DAX mine',
      bug: null,
      schedules: {},
      row: null,
      selection: null,
      view: 'run',
    });
  });
});

describe('a link that is not in order', () => {
  it('is no link at all where nothing stands', async () => {
    expect(await decodeLink('')).toBeNull();
    expect(await decodeLink('#')).toBeNull();
  });

  it('is refused with a reason, wherever it was cut', async () => {
    const link = await encodeLink({ ...STATE, text: SIXTY_LINES });
    for (const length of [1, 3, 4, 20, link.length >> 1, link.length - 5]) {
      expect(await decodeLink(link.slice(0, length))).toHaveProperty('error');
    }
  });

  it('is refused when it is of another kind, or says what is no state', async () => {
    expect(await decodeLink('v2.abc')).toEqual({ error: expect.stringContaining('newer') });
    expect(await decodeLink('v1.!!!')).toHaveProperty('error');
    for (const state of [
      { ...STATE, row: -1 },
      { ...STATE, row: 1.5 },
      { ...STATE, view: 'x' },
    ]) {
      expect(await decodeLink(await encodeLink(state as LinkState))).toHaveProperty('error');
    }
  });
});
