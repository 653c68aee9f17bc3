/**
 * What a kernel says about itself for those who read its memory from outside: lines of `SYMBOL(name)=hex`,
 * `NUMBER(name)=decimal` and the like.
 *
 * Linux: kernel/vmcore_info.c crash_save_vmcoreinfo_init (6.16)
 */
export interface Vmcoreinfo {
  /** As `uname -r` prints it. */
  readonly release: string;
  /** Value of a symbol, undefined when this kernel does not tell it. */
  readonly symbol: (name: string) => bigint | undefined;
  /** A number, undefined when this kernel does not tell it. */
  readonly number: (name: string) => bigint | undefined;
}

/** A number as the kernel prints one: decimal, with a sign, or hexadecimal after 0x. */
function numberIn(text: string): bigint | undefined {
  const match = /^(-?)(0x[0-9a-f]+|\d+)$/i.exec(text);
  if (match?.[2] === undefined) return undefined;
  return match[1] === '-' ? -BigInt(match[2]) : BigInt(match[2]);
}

/** Reads the text of a VMCOREINFO note. Undefined when it does not say which release it is of: then it is damaged. */
export function parseVmcoreinfo(text: string): Vmcoreinfo | undefined {
  const lines = new Map<string, string>();
  const end = text.indexOf('\0');
  for (const line of (end === -1 ? text : text.slice(0, end)).split('\n')) {
    const equals = line.indexOf('=');
    if (equals > 0) lines.set(line.slice(0, equals), line.slice(equals + 1));
  }
  const release = lines.get('OSRELEASE');
  if (release === undefined) return undefined;
  return {
    release,
    symbol: (name) => {
      const digits = lines.get(`SYMBOL(${name})`);
      return digits !== undefined && /^[0-9a-f]{1,16}$/i.test(digits) ? BigInt(`0x${digits}`) : undefined;
    },
    number: (name) => numberIn(lines.get(`NUMBER(${name})`) ?? ''),
  };
}
