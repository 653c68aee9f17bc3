/** Which kernel is wanted: `newest`, or the beginning of a release such as `6.12`, `6.12.95` or all of it. */
export type WantedKernel = { readonly newest: true } | { readonly newest: false; readonly release: string };

/** Reads what the user wrote; null when that is no version. */
export function parseWanted(text: string): WantedKernel | null {
  if (text === 'newest') return { newest: true };
  return /^\d+(\.\d+)+([-+.~][\w.+~-]*)?$/.test(text) ? { newest: false, release: text } : null;
}

/** `6.12` stands for 6.12.95+deb12-amd64 but not for 6.120.1-amd64. */
export function isWanted(release: string, wanted: WantedKernel): boolean {
  if (wanted.newest) return true;
  if (!release.startsWith(wanted.release)) return false;
  return !/^\d/.test(release.slice(wanted.release.length));
}

/** The newest of the releases that are wanted; null when there is none. */
export function newestWanted(releases: readonly string[], wanted: WantedKernel): string | null {
  return (
    releases
      .filter((release) => isWanted(release, wanted))
      .sort(compareReleases)
      .at(-1) ?? null
  );
}

/** Orders releases from old to new: by their numbers, from the left. */
export function compareReleases(a: string, b: string): number {
  const left = numbersOf(a);
  const right = numbersOf(b);
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? -1) - (right[i] ?? -1);
    if (difference !== 0) return difference;
  }
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Which scheme a release has: the change is in Linux 6.15. */
export function schemeOf(release: string): 'devmap' | 'refcount' {
  return compareReleases(release, '6.15') < 0 ? 'devmap' : 'refcount';
}

/** The architecture's name ends in digits of its own. */
function numbersOf(release: string): number[] {
  return (release.replace(/-amd64$/, '').match(/\d+/g) ?? []).map(Number);
}
