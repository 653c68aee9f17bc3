import { byteCount } from '../../litmus/format/byteCount.ts';
import type { Device, Program } from '../../litmus/index.ts';
import { BAD_USAGE, combined, type ExitStatus, OK } from '../exitStatus.ts';
import type { Host } from '../host.ts';
import { type LoadedTest, loadTests } from '../input/tests.ts';
import { colorsFor } from '../show/colors.ts';
import { documentHead } from '../show/document.ts';

/** Lists tests: name, sentence, devices. */
export async function executeList(
  paths: readonly string[],
  asJson: boolean,
  host: Host,
): Promise<ExitStatus> {
  const tests = await loadTests(paths, host);
  if (asJson) host.out(`${JSON.stringify(documentOf(tests), null, 2)}\n`);
  return combined(tests.map((test) => listOne(test, asJson, host)));
}

function listOne(test: LoadedTest, asJson: boolean, host: Host): ExitStatus {
  if ('errors' in test) {
    for (const line of test.errors) host.err(`${line}\n`);
    return BAD_USAGE;
  }
  if (asJson) return OK;
  const { bold, dim } = colorsFor(host);
  const { name, description, devices } = test.program;
  host.out(`${bold(name)}  ${dim(test.file)}\n`);
  if (description !== '') host.out(`  ${description}\n`);
  host.out(`  ${devices.map(deviceText).join(', ')}\n`);
  return OK;
}

function deviceText({ name, kind, size, align, fileSystem, rmapbt }: Device): string {
  const files = `fs=${fileSystem}${rmapbt ? ', rmapbt' : ''}`;
  const detail = fileSystem === null ? `align=${byteCount(align)}` : files;
  return `${name} = ${kind}(size=${byteCount(size)}, ${detail})`;
}

function documentOf(tests: readonly LoadedTest[]): object {
  const programs = tests.flatMap((test): Program[] => ('program' in test ? [test.program] : []));
  return {
    ...documentHead('list'),
    tests: programs.map(({ fileName, name, description, devices }) => ({
      file: fileName,
      name,
      description,
      devices: devices.map(({ name: device, kind, size, align, fileSystem, rmapbt }) => ({
        name: device,
        kind,
        size,
        ...(fileSystem === null ? { align } : { fs: fileSystem, rmapbt }),
      })),
    })),
  };
}
