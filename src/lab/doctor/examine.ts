import { isAbsolute } from 'node:path';
import { findProgram, isStaticProgram } from '../initramfs/hostPrograms.ts';
import { MODULES } from '../initramfs/initramfs.ts';
import { moduleIndex } from '../initramfs/kernelModules.ts';
import { cachedKernels, type KernelCache } from '../kernels/kernelCache.ts';
import type { KernelImage } from '../kernels/kernelImage.ts';
import { schemeOf } from '../kernels/release.ts';
import { makeMachineFolder } from '../machine/machineFolder.ts';
import { type CommandRunner, runCommand } from '../process/runCommand.ts';
import { NEEDED_PROGRAMS, type NeededProgram } from './programs.ts';

/** One thing that real kernels need, and whether it is there. */
export interface Finding {
  readonly name: string;
  readonly purpose: string;
  /** Where it is, or what it is; null when it is missing. */
  readonly found: string | null;
  /** What to do when it is missing. */
  readonly remedy: Remedy;
}

export type Remedy =
  | { readonly kind: 'package'; readonly package: string }
  | { readonly kind: 'command'; readonly command: string }
  | { readonly kind: 'advice'; readonly text: string };

/** The machine to look at: this one, unless told otherwise. */
export interface Examined {
  readonly cache: KernelCache;
  /** Folders of programs, as in PATH. */
  readonly path?: string;
  readonly run?: CommandRunner;
  /** Folders that a guest's memory may lie in. */
  readonly places?: readonly string[];
}

/** Modules that a kernel must have, built in or as files: for every guest, and for the agent's disk. */
const NEEDED_MODULES = [...MODULES, 'nbd'];

/** Of either scheme one kernel at least, for a comparison; the version is one to fetch. */
const NEEDED_KERNELS = [
  { scheme: 'devmap', version: '6.12' },
  { scheme: 'refcount', version: 'newest' },
] as const;

/** What a guest with small devices takes. */
const GUEST_BYTES = 1.25 * 2 ** 30;

/** Looks whether this machine has what real kernels need. */
export async function examine({ cache, path, run = runCommand, places }: Examined): Promise<Finding[]> {
  const kernels = cachedKernels(cache);
  return [
    ...NEEDED_PROGRAMS.map((program) => programFinding(program, path)),
    await staticLibraryFinding(run, path),
    memoryFinding(places),
    ...NEEDED_KERNELS.map(({ scheme, version }) => kernelFinding(kernels, scheme, version)),
    ...kernels.map(modulesFinding),
  ];
}

/** The one command that installs all packages that are missing; null when none is. */
export function installCommand(findings: readonly Finding[]): string | null {
  const packages = findings.flatMap(({ found, remedy }) =>
    found === null && remedy.kind === 'package' ? [remedy.package] : [],
  );
  return packages.length === 0 ? null : `apt-get install -y ${[...new Set(packages)].sort().join(' ')}`;
}

function programFinding(program: NeededProgram, path: string | undefined): Finding {
  const { name, purpose } = program;
  const place = findProgram(name, path);
  const suits = place !== null && (program.isStatic !== true || isStaticProgram(place));
  const remedy = { kind: 'package', package: program.package } as const;
  return { name: program.isStatic ? `${name}, static` : name, purpose, found: suits ? place : null, remedy };
}

/** A compiler answers with the bare name of a file that it does not have. */
async function staticLibraryFinding(run: CommandRunner, path: string | undefined): Promise<Finding> {
  const compiler = findProgram('cc', path);
  let found: string | null = null;
  if (compiler !== null) {
    const { output } = await run({ words: [compiler, '-print-file-name=libc.a'] });
    const answer = output.toString('utf8').trim();
    found = isAbsolute(answer) ? answer : null;
  }
  return {
    name: 'libc.a',
    purpose: 'builds the agent',
    found,
    remedy: { kind: 'package', package: 'libc6-dev' },
  };
}

function memoryFinding(places: readonly string[] | undefined): Finding {
  const common = { name: 'room', purpose: 'the guest’s memory' };
  try {
    const folder = makeMachineFolder(GUEST_BYTES, places);
    folder.remove();
    return { ...common, found: folder.place, remedy: { kind: 'advice', text: '' } };
  } catch (error) {
    return { ...common, found: null, remedy: { kind: 'advice', text: (error as Error).message } };
  }
}

function kernelFinding(kernels: readonly KernelImage[], scheme: string, version: string): Finding {
  const newest = kernels.findLast(({ release }) => schemeOf(release) === scheme);
  return {
    name: `${scheme} kernel`,
    purpose: scheme === 'devmap' ? 'Linux up to 6.14' : 'Linux from 6.15',
    found: newest?.release ?? null,
    remedy: { kind: 'command', command: `daxlab kernel fetch ${version}` },
  };
}

function modulesFinding(kernel: KernelImage): Finding {
  const { files, builtIn } = moduleIndex(kernel);
  const missing = NEEDED_MODULES.filter((name) => !files.has(name) && !builtIn.has(name));
  return {
    name: kernel.release,
    purpose: 'has the modules that a guest loads',
    found: missing.length === 0 ? kernel.modules : null,
    remedy: { kind: 'advice', text: `it has no ${missing.join(', ')}` },
  };
}
