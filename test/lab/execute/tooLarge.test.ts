import { describe, expect, it } from 'vitest';
import { type ExecutedTest, executeTests } from '../../../src/lab/execute/executeTests.ts';
import { loadTest, type Program } from '../../../src/litmus/index.ts';

function withDevice(name: string, device: string): Program {
  const loaded = loadTest(`DAX ${name}\ndevice d = ${device}\nprocess P { unbind(d) }`, `${name}.litmus`);
  if (!('program' in loaded)) throw new Error(JSON.stringify(loaded.errors));
  return loaded.program;
}

const kernel = { release: '6.12.0', vmlinuz: '/nowhere/vmlinuz', modules: '/nowhere/modules' };

describe('a test whose devices have no room on this machine', () => {
  it('is told of as one that cannot be expressed, before anything is booted, and keeps no other from its turn', async () => {
    const boots: number[] = [];
    const bootGuest = (): never => {
      boots.push(1);
      throw new Error('a boot');
    };
    const programs = [
      withDevice('vast', 'fsdax(size=65536G, fs=xfs)'),
      withDevice('small', 'devdax(size=4M)'),
    ];
    const executed: ExecutedTest[] = [];
    const all = async (): Promise<void> => {
      const options = { kernel, agent: '', bootGuest, iterations: null, room: 2 ** 32 };
      for await (const one of executeTests(programs, options)) executed.push(one);
    };
    await expect(all()).rejects.toThrow('a boot');
    expect(boots.length).toBeGreaterThan(0);
    expect(executed.map(({ program: { name } }) => name)).toEqual(['vast']);
    const message = 'its devices take a guest of 65540 GiB, and this machine has room for 4 GiB';
    expect(executed[0]?.outcome.notExpressible).toBe(message);
    expect(executed[0]?.outcome.result).toMatchObject({
      verdict: 'incomplete',
      error: `vast.litmus: not expressible on a real kernel: ${message}`,
    });
  });
});
