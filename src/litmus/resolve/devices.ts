import { DEVICE_KINDS } from '../operations/deviceKinds.ts';
import type { Device } from '../program/program.ts';
import type { ResolvedArgument } from '../program/statement.ts';
import { LIMITS } from '../source/limits.ts';
import type { Span } from '../source/span.ts';
import type { DeviceDeclaration, TopLevelItem } from '../syntax/ast.ts';
import { bindArguments } from './binding.ts';
import { constantArguments } from './constantArguments.ts';
import type { NameTable } from './names.ts';
import type { Report } from './report.ts';

const ALIGNMENTS: readonly number[] = [0x1000, 0x20_0000, 0x4000_0000];

/** The devices of a file; what is wrong with a declaration is reported and made up for. */
export function resolveDevices(
  items: readonly TopLevelItem[],
  names: NameTable,
  report: Report,
): readonly Device[] {
  const devices: Device[] = [];
  for (const item of items) {
    if (item.kind === 'device') {
      names.declare(item.name, 'a device', report);
      if (devices.length === LIMITS.devices) {
        report.error(item.span, `more than ${LIMITS.devices} devices`, 'split the test');
      }
      if (!devices.some((device) => device.name === item.name.name)) {
        devices.push(resolveDevice(item, devices.length, report));
      }
    }
  }
  return devices;
}

/** The device of that name, or null. */
export function deviceNamed(devices: readonly Device[], name: string): Device | null {
  return devices.find((device) => device.name === name) ?? null;
}

function resolveDevice(declaration: DeviceDeclaration, index: number, report: Report): Device {
  const row = DEVICE_KINDS[declaration.deviceKind];
  const bound = bindArguments(declaration.arguments, row, declaration.span, () => false, report);
  const values = constantArguments(bound, row, report);
  const align = numberIn(values.align) ?? 0x1000;
  const size = numberIn(values.size);
  const fileSystem = values.fs?.kind === 'word' && values.fs.word === 'xfs' ? 'xfs' : 'ext4';
  const spanOf = (name: string): Span => bound.get(name)?.value.span ?? declaration.span;
  if (!ALIGNMENTS.includes(align)) {
    report.error(spanOf('align'), `an alignment of ${align} bytes`, 'expected 4K, 2M or 1G');
  }
  if (bound.has('rmapbt') && values.fs?.kind === 'word' && values.fs.word !== 'xfs') {
    const hint = 'only xfs keeps a map from blocks to files: write fs=xfs';
    report.error(spanOf('rmapbt'), `'rmapbt' for ${values.fs.word}`, hint);
  }
  const isSizeRight = size !== null && isSize(size, align, spanOf('size'), report);
  return {
    index,
    name: declaration.name.name,
    kind: declaration.deviceKind,
    size: isSizeRight ? size : LIMITS.deviceSize,
    align,
    fileSystem: declaration.deviceKind === 'fsdax' ? fileSystem : null,
    rmapbt: bound.has('rmapbt'),
    span: declaration.span,
  };
}

function numberIn(argument: ResolvedArgument | undefined): number | null {
  return argument?.kind === 'number' ? argument.constant : null;
}

function isSize(size: number, align: number, span: Span, report: Report): boolean {
  if (size <= 0 || size % align !== 0) {
    const hint = `expected a positive multiple of the alignment, ${align} bytes`;
    report.error(span, `a device of ${size} bytes`, hint);
    return false;
  }
  if (size > LIMITS.deviceSize) {
    report.error(
      span,
      `a device of ${size} bytes`,
      `devices have at most ${LIMITS.deviceSize} bytes (64 TiB)`,
    );
    return false;
  }
  return true;
}
