import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from '../labError.ts';
import { NO_ROOM } from '../noRoom.ts';
import type { CommandRunner } from '../process/runCommand.ts';

/** Suites with kernels on both sides of the change, besides those of the installed system. */
const SUITES = ['bookworm-backports', 'trixie', 'trixie-backports'];

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** Where an archive is: what apt takes as the beginning of a source's line. */
export interface DebianArchive {
  readonly uri: string;
  readonly suites: readonly string[];
}

/** The archives that this machine's own apt gets its system from. */
export async function configuredArchives(
  run: CommandRunner,
  osRelease: string = ownOsRelease(),
): Promise<DebianArchive[]> {
  const system = /^ID=["']?(\w+)/m.exec(osRelease)?.[1];
  const codename = /^VERSION_CODENAME=["']?([\w-]+)/m.exec(osRelease)?.[1];
  if (system !== 'debian' || codename === undefined) {
    throw new LabError(
      'kernels can be fetched on Debian only: boot one of your own with --vmlinuz and --modules',
    );
  }
  const format = '$(REPO_URI)\t$(RELEASE)\t$(COMPONENT)';
  const { status, output, errors } = await run({
    words: ['apt-get', 'indextargets', '--no-release-info', '--format', format, 'Created-By: Packages'],
  });
  if (status !== 0)
    throw new LabError(`apt-get does not say where it gets packages from: ${mainLine(errors)}`);
  const uris = output
    .toString('utf8')
    .split('\n')
    .map((line) => line.split('\t'))
    .filter(
      ([uri = '', suite, component]) =>
        suite === codename && component === 'main' && !uri.startsWith('cdrom:'),
    )
    .map(([uri = '']) => uri);
  if (uris.length === 0) {
    throw new LabError(
      `apt's sources do not have ${codename} main: see sources.list(5), or use --vmlinuz and --modules`,
    );
  }
  const suites = [...new Set([codename, `${codename}-backports`, ...SUITES])];
  return [...new Set(uris)].map((uri) => ({ uri, suites }));
}

/** Linux: os-release(5); '' on a system that has none. */
function ownOsRelease(): string {
  const file = '/etc/os-release';
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

/**
 * Prepares a folder in which apt works for us alone: its own sources, lists and downloads. Signatures are checked with
 * the system's keyring, whatever else the user's apt allows.
 *
 * @returns the options that make apt work there
 */
export function privateApt(folder: string, archives: readonly DebianArchive[]): readonly string[] {
  for (const part of ['state/lists/partial', 'cache/archives/partial']) {
    mkdirSync(join(folder, part), { recursive: true });
  }
  const sources = join(folder, 'sources.list');
  const key = existsSync(KEYRING) ? ` signed-by=${KEYRING}` : '';
  const lines = archives.flatMap(({ uri, suites }) =>
    suites.map((suite) => `deb [arch=amd64${key}] ${uri} ${suite} main\n`),
  );
  writeFileSync(sources, lines.join(''));
  const settings = {
    'Dir::State': join(folder, 'state'),
    'Dir::State::status': '/dev/null',
    'Dir::Cache': join(folder, 'cache'),
    'Dir::Etc::sourcelist': sources,
    'Dir::Etc::sourceparts': '/dev/null',
    'Dir::Etc::preferences': '/dev/null',
    'Dir::Etc::preferencesparts': '/dev/null',
    'APT::Architecture': 'amd64',
    'APT::Sandbox::User': '',
    'APT::Status-Fd': '1',
    'APT::Get::AllowUnauthenticated': 'false',
    'Acquire::AllowInsecureRepositories': 'false',
    'Acquire::AllowWeakRepositories': 'false',
    'Acquire::Languages': 'none',
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
}

/** The line of a command's messages that says most, as a rule. */
export function mainLine(errors: string): string {
  const lines = errors.split('\n').filter((line) => line.trim() !== '');
  const line =
    lines.find((candidate) => candidate.includes(NO_ROOM)) ??
    lines.find((candidate) => candidate.includes('Failed to fetch ')) ??
    lines.find((candidate) => candidate.startsWith('E: ')) ??
    lines.at(-1);
  return line?.replace(/^[EW]: /, '') ?? 'it does not say why';
}
