import { deflateRawSync } from 'node:zlib';

/** The fragment of an address with which the page opens a test: what `docs/explorer.md` says of links. */
export function linkTo(file: string, text: string): string {
  const state = [file, text, null, null, null, null, null, 'run'];
  return `v1.${deflateRawSync(JSON.stringify(state)).toString('base64url')}`;
}
