import { readFileSync } from 'node:fs';

/** The version in package.json, which stands two folders above, in a checkout as well as in the package. */
export function packageVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(text) as { readonly version: string };
  return version;
}
