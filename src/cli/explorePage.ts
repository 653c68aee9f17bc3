import { fileURLToPath } from 'node:url';

/** The folder of the built page, which stands two folders above, in a checkout as well as in the package. */
export function explorePage(): string {
  return fileURLToPath(new URL('../../explorer/dist', import.meta.url));
}
