import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { CommandEnd, CommandRunner } from '../../../src/lab/process/runCommand.ts';

/** What `apt` would say on a machine with these packages in its archive. */
export interface FakeArchive {
  /** Names of packages, each with what it depends on. */
  readonly packages: Readonly<Record<string, string>>;
  /** Files of each package, by path below the root; empty unless given. */
  readonly files?: Readonly<Record<string, readonly string[]>>;
  /** Commands that end otherwise: matched against their words. */
  readonly failures?: readonly { readonly words: RegExp; readonly errors: string }[];
  /** Called before each command with its words. */
  readonly before?: (words: string) => void;
}

export const OS_RELEASE = 'ID=debian\nVERSION_CODENAME=bookworm\n';

/** Stands in for apt and dpkg. Keeps the words of all commands. */
export function fakeArchive(archive: FakeArchive): {
  readonly run: CommandRunner;
  readonly commands: string[];
} {
  const commands: string[] = [];
  const run: CommandRunner = async ({ words, folder = '', signal, onLine }) => {
    const text = words.join(' ');
    commands.push(text);
    archive.before?.(text);
    signal?.throwIfAborted();
    const failure = archive.failures?.find((candidate) => candidate.words.test(text));
    if (failure !== undefined) return { status: 100, output: Buffer.alloc(0), errors: failure.errors };
    onLine?.('dlstatus:1:50.0000:Retrieving file 1 of 2');
    return said(answer(archive, words, folder));
  };
  return { run, commands };
}

function answer(archive: FakeArchive, words: readonly string[], folder: string): string {
  if (words.includes('indextargets')) return 'http://archive.invalid/debian/\tbookworm\tmain\n';
  if (words.includes('search'))
    return Object.keys(archive.packages)
      .map((name) => `${name} - Linux\n`)
      .join('');
  if (words.includes('show')) return `Depends: ${archive.packages[words.at(-1) ?? ''] ?? ''}\n`;
  if (words.includes('download')) {
    for (const name of words.slice(words.indexOf('download') + 1))
      writeFileSync(join(folder, `${name}.deb`), 'deb');
  }
  if (words[0] === 'dpkg-deb') {
    const [, , deb = '', target = ''] = words;
    for (const path of archive.files?.[basename(deb, '.deb')] ?? []) {
      mkdirSync(dirname(join(target, path)), { recursive: true });
      writeFileSync(join(target, path), path);
    }
  }
  return '';
}

function said(output: string): CommandEnd {
  return { status: 0, output: Buffer.from(output), errors: '' };
}
