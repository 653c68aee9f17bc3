import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ExitStatus, OK } from '../exitStatus.ts';
import { explorePage } from '../explorePage.ts';
import type { Host } from '../host.ts';
import { readSources } from '../input/sources.ts';
import { UsageError } from '../usageError.ts';
import { linkTo } from './link.ts';
import type { ExploreCommandOptions } from './options.ts';
import { type PageServer, servePage } from './pageServer.ts';

/** Between two looks at whether the user has asked to stop. */
const LOOK_MILLISECONDS = 100;

/** Serves the page until the user stops it, and says where; a test that is named is opened there. */
export async function executeExplore(
  path: string | undefined,
  options: ExploreCommandOptions,
  host: Host,
  folder: string = explorePage(),
): Promise<ExitStatus> {
  const fragment = path === undefined ? '' : `#${await fragmentOf(path, host)}`;
  if (!existsSync(join(folder, 'index.html'))) {
    throw new UsageError("the page is not built yet: 'npm run explorer' builds it");
  }
  const server = await serve(folder, options.port);
  host.out(`${server.address}${fragment}\n`);
  host.err('Ctrl-C stops\n');
  while (!host.isInterrupted) await sleep(LOOK_MILLISECONDS);
  await server.close();
  return OK;
}

async function fragmentOf(path: string, host: Host): Promise<string> {
  const [source, second] = await readSources([path], host);
  if (source === undefined || second !== undefined) throw new UsageError(`'${path}': name one test`);
  if ('problem' in source) throw new UsageError(`${source.file}: ${source.problem}`);
  if (!isText(source.text)) throw new UsageError(`${source.file}: this is no text, and so no test`);
  return linkTo(source.file, source.text);
}

/** Mistakes can be mended on the page; what has control characters besides line ends and tabs nobody has written. */
function isText(text: string): boolean {
  return !/[^\P{Cc}\t\n\v\f\r]/u.test(text);
}

async function serve(folder: string, port: number): Promise<PageServer> {
  try {
    return await servePage(folder, port);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
    throw new UsageError(`--port: ${port} cannot be had (${code}); without it one that is free is taken`);
  }
}
