/** Numbers as x86 stores them. The caller sees to it that the bytes are there: reading behind the end throws. */

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export function readU16(bytes: Uint8Array, at: number): number {
  return viewOf(bytes).getUint16(at, true);
}

export function readU32(bytes: Uint8Array, at: number): number {
  return viewOf(bytes).getUint32(at, true);
}

export function readS32(bytes: Uint8Array, at: number): number {
  return viewOf(bytes).getInt32(at, true);
}

export function readU64(bytes: Uint8Array, at: number): bigint {
  return viewOf(bytes).getBigUint64(at, true);
}

export function readS64(bytes: Uint8Array, at: number): bigint {
  return viewOf(bytes).getBigInt64(at, true);
}

const decoder = new TextDecoder();

/** The text from `at` up to its NUL or the end of the bytes. */
export function readText(bytes: Uint8Array, at: number): string {
  const end = bytes.indexOf(0, at);
  return decoder.decode(bytes.subarray(at, end === -1 ? bytes.length : end));
}
