import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type KernelTypes, kernelTypes, parseBtf } from '../../../src/inspect/index.ts';
import { findProgram } from '../../../src/lab/initramfs/hostPrograms.ts';
import { extractVmlinux } from '../../../src/lab/kernels/vmlinux.ts';
import { runCommand } from '../../../src/lab/process/runCommand.ts';
import { kernelOf, named } from '../../lab/support/realKernels.ts';

/** A type as `bpftool -j btf dump` prints it; of it what this test needs. */
interface DumpedType {
  readonly id: number;
  readonly kind: string;
  readonly name: string;
  readonly size?: number;
  readonly members?: readonly {
    readonly name: string;
    readonly type_id: number;
    readonly bits_offset: number;
  }[];
  readonly values?: readonly { readonly name: string; readonly val: number }[];
}

const STRUCTS = [
  'page',
  'folio',
  'task_struct',
  'mm_struct',
  'percpu_counter',
  'list_head',
  'vm_area_struct',
];
const THIS_MACHINE = '/sys/kernel/btf/vmlinux';

/** Why the BTF of a kernel cannot be held against bpftool's reading of it; null when it can. */
function whyNotCompared(version: string): string | null {
  const missing = ['bpftool', 'objcopy', 'zstd', 'xz'].filter((name) => findProgram(name) === null);
  if (missing.length > 0) return `there is no ${missing.join(', ')}`;
  if (version === 'this machine') return existsSync(THIS_MACHINE) ? null : 'its kernel has no BTF';
  return kernelOf(version) === null ? `kernel ${version} is not fetched` : null;
}

/** The BTF of a kernel in a file of its own. */
async function btfFile(version: string, folder: string): Promise<string> {
  if (version === 'this machine') return THIS_MACHINE;
  const image = kernelOf(version);
  const vmlinux = image === null ? null : await extractVmlinux(image.vmlinuz, runCommand);
  if (vmlinux === null) throw new Error(`the kernel in the image of ${version} cannot be extracted`);
  const [whole, section] = [join(folder, 'vmlinux'), join(folder, 'btf')];
  writeFileSync(whole, vmlinux);
  execFileSync('objcopy', ['--dump-section', `.BTF=${section}`, whole, '/dev/null']);
  return section;
}

describe.each(['6.12', 'newest', 'this machine'])('the BTF of a kernel', (version) => {
  const reason = whyNotCompared(version);

  describe.skipIf(reason !== null)(named(`of ${version}`, reason), () => {
    let folder: string;
    let dump: readonly DumpedType[];
    let byId: ReadonlyMap<number, DumpedType>;
    let types: KernelTypes;

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'daxlab-test-'));
      const file = await btfFile(version, folder);
      const bpftool = findProgram('bpftool') ?? 'bpftool';
      const text = execFileSync(bpftool, ['-j', 'btf', 'dump', 'file', file], { maxBuffer: 2 ** 30 });
      dump = (JSON.parse(text.toString()) as { readonly types: readonly DumpedType[] }).types;
      byId = new Map(dump.map((type) => [type.id, type]));
      types = kernelTypes(parseBtf(readFileSync(file)));
    }, 120_000);

    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    /** Names and offsets of all members, those of unnamed structs and unions among them. */
    function membersOf(type: DumpedType, offset = 0): [string, number][] {
      return (type.members ?? []).flatMap(({ name, type_id, bits_offset }): [string, number][] => {
        if (name !== '(anon)') return [[name, offset + bits_offset]];
        const within = byId.get(type_id);
        return within === undefined ? [] : membersOf(within, offset + bits_offset);
      });
    }

    it.each(STRUCTS)('has the members of struct %s where bpftool sees them', (name) => {
      const type = dump.find((each) => each.kind === 'STRUCT' && each.name === name);
      const members = type === undefined ? [] : membersOf(type);
      expect(members.length).toBeGreaterThan(1);
      expect(types.sizeOf(name)).toBe(type?.size);
      for (const [member, bits] of members) {
        const found = types.member(name, member);
        expect([member, found.bits?.offset ?? found.offset * 8]).toEqual([member, bits]);
      }
    });

    it('has the flags of pages that bpftool sees', () => {
      const flags = dump.find(({ kind, name }) => kind === 'ENUM' && name === 'pageflags');
      expect(flags?.values?.length).toBeGreaterThan(10);
      expect(types.enumerators('pageflags')).toEqual(
        flags?.values?.map(({ name, val }) => ({ name, value: val })),
      );
    });

    it('has no member that is not there', () => {
      expect(() => types.member('page', 'no_such_member')).toThrow(
        'struct page of this kernel has no member',
      );
    });
  });
});
