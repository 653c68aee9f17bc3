import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildAgent } from '../../../src/lab/agent/buildAgent.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

describe('building the agent', () => {
  it('compiles once for the same sources, and again for others', async () => {
    const sources = temporaryFolder();
    const cache = temporaryFolder();
    writeFileSync(join(sources, 'main.c'), 'int main(void) { return 0; }\n');
    const first = await buildAgent(sources, cache);
    expect(await buildAgent(sources, cache)).toBe(first);
    writeFileSync(join(sources, 'main.c'), 'int main(void) { return 1; }\n');
    expect(await buildAgent(sources, cache)).not.toBe(first);
    expect(readdirSync(cache)).toHaveLength(2);
  });

  it('says what the compiler said when they do not compile, and keeps nothing', async () => {
    const sources = temporaryFolder();
    const cache = temporaryFolder();
    writeFileSync(join(sources, 'main.c'), 'int main(void) { return nothing; }\n');
    await expect(buildAgent(sources, cache)).rejects.toMatchObject({
      message: expect.stringContaining('does not compile'),
      details: expect.arrayContaining([expect.stringContaining('nothing')]),
    });
    expect(readdirSync(cache)).toEqual([]);
  });
});
