import { InspectError } from '../inspectError.ts';
import type { VirtualAddress } from '../memory/addresses.ts';
import { readS32, readU16, readU32, readU64 } from '../memory/littleEndian.ts';
import type { VirtualMemory } from '../memory/physicalMemory.ts';
import type { Vmcoreinfo } from '../vmcoreinfo/vmcoreinfo.ts';

/** Symbols of a kernel by name. */
export interface Symbols {
  /** Address of the first symbol of that name, undefined when there is none. */
  readonly find: (name: string) => VirtualAddress | undefined;
}

/** The kernel's own table of its symbols, with names packed into tokens. */
interface PackedSymbols {
  readonly count: number;
  readonly names: Uint8Array;
  /** The bytes that each token stands for. */
  readonly tokens: readonly Uint8Array[];
  readonly offsets: Uint8Array;
  readonly offsetsAddress: VirtualAddress;
  readonly relativeBase: bigint | undefined;
}

/** Address of the symbol with a number. */
type AddressOf = (packed: PackedSymbols, index: number) => VirtualAddress | undefined;

const TOKENS = 256;
const OFFSET_SIZE = 4;
/** What a kernel has at most; more means that the number is none. Debian's have 200,000 symbols in 3 MB. */
const MOST_SYMBOLS = 5_000_000;
const LARGEST_PART = 64 * 2 ** 20;

/**
 * The ways in which kernels keep addresses, newest first. Nothing in memory says which way it is, so each is tried on
 * symbols whose address is known.
 */
const ADDRESS_FORMS: readonly AddressOf[] = [
  // Distance from the place of the offset itself, in kernels that have no base.
  ({ offsets, offsetsAddress, relativeBase }, index) =>
    relativeBase === undefined
      ? offsetsAddress + BigInt(index * OFFSET_SIZE + readS32(offsets, index * OFFSET_SIZE))
      : undefined,
  // Distance from a base.
  ({ offsets, relativeBase }, index) =>
    relativeBase === undefined ? undefined : relativeBase + BigInt(readU32(offsets, index * OFFSET_SIZE)),
  // The same, turned negative to tell it from per-CPU addresses, which stand for themselves.
  ({ offsets, relativeBase }, index) => {
    if (relativeBase === undefined) return undefined;
    const offset = BigInt(readS32(offsets, index * OFFSET_SIZE));
    return offset < 0n ? relativeBase - 1n - offset : offset;
  },
];

/** Symbols that VMCOREINFO tells as well. Some are macros in some kernels, and then have no symbol. */
const KNOWN_SYMBOLS = ['init_top_pgt', 'swapper_pg_dir', 'init_uts_ns', '_stext', 'node_online_map'];

/**
 * Reads the kernel's table of symbols, whose place VMCOREINFO tells.
 *
 * Linux: kernel/kallsyms.c (6.16)
 *
 * @throws InspectError when the kernel has none, or none that can be read
 */
export function readKallsyms(memory: VirtualMemory, vmcoreinfo: Vmcoreinfo): Symbols {
  const packed = readPacked(memory, vmcoreinfo);
  const addressOf = formOf(packed, vmcoreinfo);
  const known = new Map<string, VirtualAddress | undefined>();
  return {
    find: (name) => {
      if (!known.has(name)) {
        const index = indexOf(packed, name);
        known.set(name, index === undefined ? undefined : addressOf(packed, index));
      }
      return known.get(name);
    },
  };
}

function readPacked(memory: VirtualMemory, vmcoreinfo: Vmcoreinfo): PackedSymbols {
  const place = (name: string): VirtualAddress => {
    const address = vmcoreinfo.symbol(`kallsyms_${name}`);
    if (address === undefined)
      throw new InspectError(`VMCOREINFO of ${vmcoreinfo.release} does not tell kallsyms_${name}`);
    return address;
  };
  const bytesAt = (name: string, address: VirtualAddress, length: number): Uint8Array => {
    const bytes = memory.read(address, length);
    if (bytes === undefined) throw new InspectError(`kallsyms_${name} is not in the kernel's memory`);
    return bytes;
  };

  const count = readU32(bytesAt('num_syms', place('num_syms'), 4), 0);
  if (count === 0 || count > MOST_SYMBOLS)
    throw new InspectError(`kallsyms_num_syms is ${count}: the kernel's table of symbols is damaged`);
  const names = place('names');
  const tokenTable = place('token_table');
  const tokenIndex = place('token_index');
  const offsetsAddress = place('offsets');
  // The kernel lays them out in this order, so that none is longer than the way to the next.
  const namesSize = Number(tokenTable - names);
  const tokensSize = Number(tokenIndex - tokenTable);
  if (namesSize < count || namesSize > LARGEST_PART || tokensSize < TOKENS || tokensSize > LARGEST_PART)
    throw new InspectError('the parts of the kernel’s table of symbols are not where they are expected');

  const tokenBytes = bytesAt('token_table', tokenTable, tokensSize);
  const indexBytes = bytesAt('token_index', tokenIndex, TOKENS * 2);
  const tokens = Array.from({ length: TOKENS }, (_, token) => {
    const start = readU16(indexBytes, token * 2);
    const end = tokenBytes.indexOf(0, start);
    return tokenBytes.subarray(start, end === -1 ? tokenBytes.length : end);
  });
  const base = vmcoreinfo.symbol('kallsyms_relative_base');
  return {
    count,
    names: bytesAt('names', names, namesSize),
    tokens,
    offsets: bytesAt('offsets', offsetsAddress, count * OFFSET_SIZE),
    offsetsAddress,
    relativeBase: base === undefined ? undefined : readU64(bytesAt('relative_base', base, 8), 0),
  };
}

/** The form in which a known symbol has its address. */
function formOf(packed: PackedSymbols, vmcoreinfo: Vmcoreinfo): AddressOf {
  for (const name of KNOWN_SYMBOLS) {
    const address = vmcoreinfo.symbol(name);
    const index = address === undefined ? undefined : indexOf(packed, name);
    if (index === undefined) continue;
    const form = ADDRESS_FORMS.find((addressOf) => addressOf(packed, index) === address);
    if (form !== undefined) return form;
  }
  throw new InspectError('the kernel’s table of symbols holds addresses in a form that is not known');
}

/** Number of the first symbol with a name. Names are compared packed away, without unpacking all of them. */
function indexOf(packed: PackedSymbols, name: string): number | undefined {
  const wanted = new TextEncoder().encode(name);
  const { names, tokens } = packed;
  let at = 0;
  for (let index = 0; index < packed.count; index++) {
    let length = names[at++] ?? 0;
    // Long names have their length in two bytes, seven bits in the first.
    if ((length & 0x80) !== 0) length = (length & 0x7f) | ((names[at++] ?? 0) << 7);
    if (isNamed(names.subarray(at, at + length), tokens, wanted)) return index;
    at += length;
    if (at > names.length) return undefined;
  }
  return undefined;
}

/** Whether the tokens spell the name. The first letter of what they spell is the type of the symbol. */
function isNamed(packedName: Uint8Array, tokens: readonly Uint8Array[], wanted: Uint8Array): boolean {
  let at = -1;
  for (const token of packedName) {
    for (const letter of tokens[token] ?? []) {
      if (at >= 0 && letter !== wanted[at]) return false;
      at++;
    }
  }
  return at === wanted.length;
}
