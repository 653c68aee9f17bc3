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
  it('are shared by tests, with the devices of the most demanding', () => {
    const small = test('small', ['size=4M']);
    const two = test('two', ['size=4M', 'size=40M']);
    const huge = test('huge', ['size=8M, align=2M']);
    const [group, ...others] = planBoots([small, two, huge], 'refcount');
    expect(others).toEqual([]);
    expect(group?.programs).toEqual([small, two, huge]);
    expect(group?.devices).toEqual([
      { kind: 'devdax', align: '4K', bytes: 16 * MIB },
      { kind: 'devdax', align: '4K', bytes: 40 * MIB },
      { kind: 'devdax', align: '2M', bytes: 16 * MIB },
    ]);
  });

  it('give each device of a test one of its own, of its alignment and large enough', () => {
    const programs = [test('one', ['size=40M']), test('mixed', ['size=8M, align=2M', 'size=4M', 'size=30M'])];
    const devices = planBoots(programs, 'refcount')[0]?.devices ?? [];
    expect(programs.map((program) => placesFor(program, devices))).toEqual([[1], [2, 0, 1]]);
  });

  it('keep tests with large devices apart from the others', () => {
    const small = test('small', ['size=4M']);
    const large = test('large', ['size=1G, align=1G']);
    expect(planBoots([large, small], 'refcount').map(({ programs }) => programs)).toEqual([[small], [large]]);
  });

  it('are not shared by tests that unbind, or that declare a hazard for the scheme', () => {
    const fine = test('fine', ['size=4M']);
    const unbinds = test('unbinds', ['size=4M'], 'repeat 2 { unbind(d0) }');
    const breaks = test('breaks', ['size=4M'], 'barrier(x)', 'hazard[refcount] leak "of old"');
    const all = [breaks, unbinds, fine];
    expect(planBoots(all, 'refcount').map(({ programs }) => programs)).toEqual([[fine], [breaks], [unbinds]]);
    expect(planBoots(all, 'devmap').map(({ programs }) => programs)).toEqual([[breaks, fine], [unbinds]]);
  });
});
