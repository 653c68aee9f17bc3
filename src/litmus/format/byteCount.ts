const UNITS: readonly (readonly [letter: string, bytes: number])[] = [
  ['G', 2 ** 30],
  ['M', 2 ** 20],
  ['K', 2 ** 10],
];

/** Bytes as tests write them: `4K`, `2M`, `1G`; a plain number where no unit divides it. */
export function byteCount(bytes: number): string {
  const unit = UNITS.find(([, size]) => bytes !== 0 && bytes % size === 0);
  return unit === undefined ? `${bytes}` : `${bytes / unit[1]}${unit[0]}`;
}
