import { writeFileSync } from 'node:fs';
import { format } from '../../litmus/format/format.ts';
import { formatDiagnostic } from '../../litmus/source/diagnostic.ts';
import { BAD_USAGE, combined, type ExitStatus, OK, VIOLATED } from '../exitStatus.ts';
import type { Host } from '../host.ts';
import { readSources, type Source } from '../input/sources.ts';

/** Formats tests in place, or, with `onlyCheck`, names those that would change (status 1). */
export async function executeFmt(
  paths: readonly string[],
  onlyCheck: boolean,
  host: Host,
): Promise<ExitStatus> {
  const sources = await readSources(paths, host);
  return combined(sources.map((source) => formatOne(source, onlyCheck, host)));
}

function formatOne(source: Source, onlyCheck: boolean, host: Host): ExitStatus {
  const { file } = source;
  if ('problem' in source) {
    host.err(`${file}: ${source.problem}\n`);
    return BAD_USAGE;
  }
  const formatted = format(source.text);
  if ('errors' in formatted) {
    for (const diagnostic of formatted.errors) host.err(`${formatDiagnostic(file, diagnostic)}\n`);
    return BAD_USAGE;
  }
  if (onlyCheck) {
    if (formatted.text === source.text) return OK;
    host.out(`${file}: is not formatted; daxlab fmt ${file} writes it\n`);
    return VIOLATED;
  }
  if (file === '-') host.out(formatted.text);
  else if (formatted.text !== source.text) writeFileSync(file, formatted.text);
  return OK;
}
