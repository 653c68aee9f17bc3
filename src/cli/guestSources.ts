import { fileURLToPath } from 'node:url';

/** The folder with the agent's C files, which stands two folders above, in a checkout as well as in the package. */
export function guestSources(): string {
  return fileURLToPath(new URL('../../guest', import.meta.url));
}
