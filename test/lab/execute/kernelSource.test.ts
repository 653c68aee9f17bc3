import { describe, expect, it } from 'vitest';
import { KernelSource } from '../../../src/lab/execute/kernelSource.ts';
import { LabError } from '../../../src/lab/labError.ts';

/** What may go wrong, at which attempt (from 1). */
interface Trouble {
  readonly boots?: readonly number[];
  readonly freezes?: boolean;
  readonly thaws?: readonly number[];
}

class Kernel {
  readonly name: string;
  private readonly world: World;

  constructor(world: World, name: string) {
    this.world = world;
    this.name = name;
    world.running.add(name);
  }

  async freeze(): Promise<{ thaw: () => Promise<Kernel>; dispose: () => Promise<void> }> {
    const { world, name } = this;
    if (world.trouble.freezes === true) throw new LabError('QEMU cannot keep the guest');
    world.events.push(`freeze ${name}`);
    return {
      thaw: async () => {
        world.thaws++;
        if (world.trouble.thaws?.includes(world.thaws)) throw new LabError('QEMU cannot keep the guest');
        return new Kernel(world, `${name} again ${world.thaws}`);
      },
      dispose: async () => this.dispose(),
    };
  }

  async dispose(): Promise<void> {
    this.world.running.delete(this.name);
  }
}

class World {
  readonly trouble: Trouble;
  readonly events: string[] = [];
  readonly running = new Set<string>();
  readonly aborting = new AbortController();
  readonly source: KernelSource<Kernel>;
  boots = 0;
  thaws = 0;

  constructor(freezes: boolean, trouble: Trouble = {}) {
    this.trouble = trouble;
    this.source = new KernelSource({
      boot: async () => {
        this.boots++;
        if (trouble.boots?.includes(this.boots)) throw new LabError('the kernel does not get to the agent');
        return new Kernel(this, `boot ${this.boots}`);
      },
      signal: this.aborting.signal,
      freezes,
      onStart: (what) => this.events.push(what),
    });
  }

  async take(count: number): Promise<string[]> {
    const kernels = await Promise.all(Array.from({ length: count }, () => this.source.next()));
    return kernels.map(({ name }) => name);
  }
}

describe('the source of guests', () => {
  it('boots each where few are wanted', async () => {
    const world = new World(false);
    expect([...(await world.take(1)), ...(await world.take(1))]).toEqual(['boot 1', 'boot 2']);
    await world.source.dispose();
    expect(world.events).toEqual(['boot', 'boot']);
  });

  it('boots one where many are wanted, as which all begin, and ends it when it is disposed of', async () => {
    const world = new World(true);
    expect(await world.take(2)).toEqual(['boot 1 again 1', 'boot 1 again 2']);
    expect(await world.take(1)).toEqual(['boot 1 again 3']);
    expect(world.events).toEqual(['boot', 'freeze boot 1', 'thaw', 'thaw', 'thaw']);
    expect(world.running).toContain('boot 1');
    await world.source.dispose();
    expect(world.running).not.toContain('boot 1');
  });

  it('boots again where a boot failed, but not for ever', async () => {
    const world = new World(true, { boots: [1, 2] });
    expect(await world.take(1)).toEqual(['boot 3 again 1']);
    expect(world.source.hasBooted).toBe(true);
    const hopeless = new World(true, { boots: [1, 2, 3] });
    await expect(hopeless.take(2)).rejects.toThrow('does not get to the agent');
    expect(hopeless.boots).toBe(3);
    expect(hopeless.source.hasBooted).toBe(false);
    await hopeless.source.dispose();
  });

  it('does without freezing where QEMU cannot freeze, and leaves nothing behind', async () => {
    const world = new World(true, { freezes: true });
    expect(await world.take(2)).toEqual(['boot 2', 'boot 3']);
    expect([...world.running]).toEqual(['boot 2', 'boot 3']);
  });

  it('boots for good where a guest cannot begin as another one', async () => {
    const world = new World(true, { thaws: [2] });
    expect(await world.take(1)).toEqual(['boot 1 again 1']);
    expect(await world.take(1)).toEqual(['boot 2']);
    expect(await world.take(1)).toEqual(['boot 3']);
    expect(world.running).not.toContain('boot 1');
  });

  it('tries nothing else once it is aborted', async () => {
    const world = new World(true, { boots: [1] });
    world.aborting.abort(new Error('interrupted'));
    await expect(world.take(1)).rejects.toThrow('interrupted');
    expect(world.boots).toBe(1);
  });
});
