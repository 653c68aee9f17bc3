import type { OutputDocument } from '../../litmus/output/index.ts';
import { packageVersion } from '../version.ts';

/** What every document of `--json` begins with. */
export function documentHead(verb: string): Omit<OutputDocument, 'results'> {
  return { tool: 'daxlab', version: packageVersion(), schemaVersion: 1, verb };
}
