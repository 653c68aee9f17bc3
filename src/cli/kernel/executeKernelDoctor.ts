import type { ExitStatus } from '../exitStatus.ts';
import type { Host } from '../host.ts';
import type { JsonOption } from './options.ts';
export async function executeKernelDoctor(_options: JsonOption, _host: Host): Promise<ExitStatus> {
  return 4;
}
