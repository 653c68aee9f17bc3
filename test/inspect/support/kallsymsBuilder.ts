import { ascii, u16, u32 } from './sparseMemory.ts';

/** How a kernel keeps the addresses of its symbols. */
export type AddressForm = 'from each offset' | 'from a base' | 'from a base, negative';

export interface BuiltSymbol {
  readonly name: string;
  readonly address: bigint;
  /** The letter before the name: T for text, D for data and so on. */
  readonly letter?: string;
}

/** The parts of a kernel's table of symbols. */
export interface BuiltKallsyms {
  readonly names: number[];
  readonly tokenTable: number[];
  readonly tokenIndex: number[];
  /** Once it is known where they will be. */
  readonly offsets: (address: bigint) => number[];
}

/** Tokens of several letters, at numbers that no letter of a name has. */
const PHRASES: ReadonlyMap<number, string> = new Map([
  [1, '_page'],
  [2, 'sw'],
  [3, 'Dinit_'],
  [0x80, 'per_'],
  [0xff, 'BTF'],
]);

function packed(text: string): number[] {
  const tokens: number[] = [];
  for (let at = 0; at < text.length; ) {
    const phrase = [...PHRASES].find(([, letters]) => text.startsWith(letters, at));
    tokens.push(phrase?.[0] ?? text.charCodeAt(at));
    at += phrase?.[1].length ?? 1;
  }
  return tokens;
}

/** Packs symbols as the kernel's build does. */
export function buildKallsyms(
  symbols: readonly BuiltSymbol[],
  form: AddressForm,
  base: bigint,
): BuiltKallsyms {
  const names = symbols.flatMap(({ name, letter = 'D' }) => {
    const tokens = packed(letter + name);
    const { length } = tokens;
    return [...(length < 0x80 ? [length] : [(length & 0x7f) | 0x80, length >> 7]), ...tokens];
  });
  const tokenTable: number[] = [];
  const tokenIndex: number[] = [];
  for (let token = 0; token < 256; token++) {
    tokenIndex.push(...u16(tokenTable.length));
    tokenTable.push(
      ...ascii(PHRASES.get(token) ?? (token >= 0x20 && token < 0x7f ? String.fromCharCode(token) : '')),
      0,
    );
  }
  const offsetOf = (symbol: bigint, place: bigint): number => {
    if (form === 'from a base') return Number(symbol - base);
    if (form === 'from a base, negative') return Number(base - 1n - symbol);
    return Number(symbol - place);
  };
  return {
    names,
    tokenTable,
    tokenIndex,
    offsets: (address) =>
      symbols.flatMap((symbol, index) => u32(offsetOf(symbol.address, address + BigInt(index * 4)) >>> 0)),
  };
}
