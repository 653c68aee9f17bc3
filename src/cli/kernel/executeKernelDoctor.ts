import { examine, type Finding, installCommand } from '../../lab/doctor/examine.ts';
import { kernelCache } from '../../lab/kernels/kernelCache.ts';
import { type ExitStatus, NO_KERNEL, OK } from '../exitStatus.ts';
import type { Host } from '../host.ts';
import { colorsFor } from '../show/colors.ts';
import { kernelDocument } from './kernelEntry.ts';
import { labWork } from './labWork.ts';
import type { JsonOption } from './options.ts';

/** Says what real kernels need on this machine, and how to get what is missing. */
export async function executeKernelDoctor(options: JsonOption, host: Host): Promise<ExitStatus> {
  return labWork(host, async () => {
    const findings = await examine({
      cache: kernelCache(host.environment),
      ...(host.environment.PATH === undefined ? {} : { path: host.environment.PATH }),
    });
    const missing = findings.filter(({ found }) => found === null);
    if (options.json) {
      const install = installCommand(findings);
      host.out(kernelDocument('kernel doctor', { ready: missing.length === 0, findings, install }));
    } else {
      for (const finding of findings) host.out(lineOf(finding, host));
      for (const line of remediesOf(findings)) host.out(`${line}\n`);
    }
    return missing.length === 0 ? OK : NO_KERNEL;
  });
}

function lineOf({ name, purpose, found }: Finding, host: Host): string {
  const { green, red, dim } = colorsFor(host);
  const state = found === null ? red('missing') : green('ok     ');
  return `${state}  ${name.padEnd(24)} ${purpose}${found === null ? '' : dim(`: ${found}`)}\n`;
}

/** One line for all missing packages, then one for each of the other things, in the order of the findings. */
function remediesOf(findings: readonly Finding[]): string[] {
  const missing = findings.filter(({ found }) => found === null);
  if (missing.length === 0) return ['nothing is missing'];
  const install = installCommand(findings);
  const steps = [...(install === null ? [] : [install]), ...missing.flatMap(stepsFor)];
  return ['', 'to have what is missing:', ...steps.map((step) => `  ${step}`)];
}

function stepsFor({ name, remedy }: Finding): string[] {
  switch (remedy.kind) {
    case 'package':
      return [];
    case 'command':
      return [remedy.command];
    case 'advice':
      return [`${name}: ${remedy.text}`];
  }
}
