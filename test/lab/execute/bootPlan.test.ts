import { describe, expect, it } from 'vitest';
import { placesFor, planBoots } from '../../../src/lab/execute/bootPlan.ts';
import { loadTest, type Program } from '../../../src/litmus/index.ts';

function test(name: string, devices: readonly string[], body = 'barrier(x)', rest = ''): Program {
  const declared = devices.map((device, index) => `device d${index} = devdax(${device})`).join('\n');
  const loaded = loadTest(`DAX ${name}\n${declared}\nprocess P { ${body} }\n${rest}`, `${name}.litmus`);
  if (!('program' in loaded)) throw new Error(JSON.stringify(loaded.errors));
  return loaded.program;
}

const MIB = 2 ** 20;

describe('boots', () => {
  it('have devices for every test, the most demanding one and the large ones', () => {
    const small = test('small', ['size=4M']);
    const two = test('two', ['size=4M', 'size=40M']);
    const huge = test('huge', ['size=8M, align=2M']);
    const large = test('large', ['size=2G', 'size=1G, align=1G']);
    const { devices, programs } = planBoots([large, small, two, huge], 'refcount', 2);
    expect(programs).toEqual([large, small, two, huge]);
    expect(devices).toEqual([
      { kind: 'devdax', align: '4K', bytes: 16 * MIB },
      { kind: 'devdax', align: '4K', bytes: 40 * MIB },
      { kind: 'devdax', align: '4K', bytes: 2048 * MIB },
      { kind: 'devdax', align: '2M', bytes: 16 * MIB },
      { kind: 'devdax', align: '1G', bytes: 1024 * MIB },
    ]);
  });

  it('give each device of a test one of its own, of its alignment, large enough and no larger than that', () => {
    const programs = [
      test('one', ['size=40M']),
      test('mixed', ['size=8M, align=2M', 'size=4M', 'size=30M']),
      test('large', ['size=1G', 'size=4M']),
    ];
    const { devices } = planBoots(programs, 'refcount', 1);
    expect(programs.map((program) => placesFor(program, devices))).toEqual([[1], [3, 0, 1], [2, 0]]);
  });

  const files = (name: string, devices: readonly string[], body = 'barrier(x)'): Program => {
    const declared = devices.map((device, index) => `device d${index} = fsdax(${device})`).join('\n');
    const loaded = loadTest(`DAX ${name}\n${declared}\nprocess P { ${body} }`, `${name}.litmus`);
    if (!('program' in loaded)) throw new Error(JSON.stringify(loaded.errors));
    return loaded.program;
  };

  it('have file systems of either kind, as many as a test has', () => {
    const plain = files('plain', ['size=4M, fs=xfs']);
    const both = files('both', ['size=40M, fs=ext4', 'size=4M, fs=ext4', 'size=4M, fs=xfs']);
    const unbinds = files('unbinds', ['size=4M, fs=ext4'], 'unbind(d0)');
    const device = test('device', ['size=4M']);
    const { devices, programs } = planBoots([unbinds, plain, both, device], 'refcount', 1);
    expect(programs).toEqual([plain, both, device, unbinds]);
    expect(devices).toEqual([
      { kind: 'devdax', align: '4K', bytes: 16 * MIB },
      { kind: 'fsdax', fileSystem: 'ext4', rmapbt: false, bytes: 16 * MIB },
      { kind: 'fsdax', fileSystem: 'ext4', rmapbt: false, bytes: 40 * MIB },
      { kind: 'fsdax', fileSystem: 'xfs', rmapbt: false, bytes: 16 * MIB },
    ]);
    expect([plain, both, device, unbinds].map((program) => placesFor(program, devices))).toEqual([
      [3],
      [2, 1, 3],
      [0],
      [1],
    ]);
  });

  it('have an xfs with a map from blocks to files beside one without, where tests ask for each', () => {
    const without = files('without', ['size=4M, fs=xfs']);
    const mapped = files('mapped', ['size=30M, fs=xfs, rmapbt']);
    const both = files('both', ['size=4M, fs=xfs, rmapbt', 'size=20M, fs=xfs']);
    const programs = [without, mapped, both];
    const { devices } = planBoots(programs, 'refcount', 1);
    expect(devices).toEqual([
      { kind: 'fsdax', fileSystem: 'xfs', rmapbt: false, bytes: 20 * MIB },
      { kind: 'fsdax', fileSystem: 'xfs', rmapbt: true, bytes: 30 * MIB },
    ]);
    expect(programs.map((program) => placesFor(program, devices))).toEqual([[0], [1], [1, 0]]);
    expect(planBoots([mapped], 'refcount', 1).devices).toEqual(devices.slice(1));
    expect(() => placesFor(without, devices.slice(1))).toThrow('no device for d0 of without');
  });

  it('come to the tests last that unbind, and after these to those that declare a hazard for the scheme', () => {
    const fine = test('fine', ['size=4M']);
    const unbinds = test('unbinds', ['size=4M'], 'repeat 2 { unbind(d0) }');
    const breaks = test('breaks', ['size=4M'], 'barrier(x)', 'hazard[refcount] leak "of old"');
    const all = [breaks, unbinds, fine];
    expect(planBoots(all, 'refcount', 1).programs).toEqual([fine, unbinds, breaks]);
    expect(planBoots(all, 'devmap', 1).programs).toEqual([breaks, fine, unbinds]);
  });

  it('are as many at once as there is room for and work that is worth it', () => {
    const fine = test('fine', ['size=4M']);
    const breaks = test('breaks', ['size=4M'], 'barrier(x)', 'hazard leak "of old"');
    const guests = (count: number, program: Program, most: number): number =>
      planBoots(
        Array.from({ length: count }, () => program),
        'devmap',
        most,
      ).guests;
    expect(guests(1, fine, 2)).toBe(1);
    expect(guests(30, fine, 2)).toBe(1);
    expect(guests(100, fine, 2)).toBe(2);
    expect(guests(100, fine, 1)).toBe(1);
    expect(guests(3, breaks, 2)).toBe(2);
  });

  it('are one, as which all guests begin, where more than one guest is to be expected', () => {
    const fine = test('fine', ['size=4M']);
    const breaks = test('breaks', ['size=4M'], 'barrier(x)', 'hazard leak "of old"');
    const unbinds = test('unbinds', ['size=4M'], 'unbind(d0)');
    const many = Array.from({ length: 100 }, () => fine);
    expect(planBoots([fine], 'devmap', 2).freezes).toBe(false);
    expect(planBoots([fine, breaks], 'devmap', 1).freezes).toBe(true);
    expect(planBoots([fine, unbinds], 'devmap', 1).freezes).toBe(true);
    expect(planBoots(many, 'devmap', 2).freezes).toBe(true);
    expect(planBoots(many, 'devmap', 1).freezes).toBe(false);
  });
});
