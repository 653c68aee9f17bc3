import type { Scheme } from '../../../src/litmus/index.ts';

/** Where each scheme is found. */
export const RELEASES: Readonly<Record<Scheme, string>> = {
  devmap: 'Linux up to 6.14',
  refcount: 'Linux 6.15 and later',
};
