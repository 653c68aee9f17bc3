import type { Device, Program, ResolvedStatement, Scheme } from '../../litmus/index.ts';
import type { Alignment, DeviceSpec } from '../machine/guest.ts';

const GIB = 2 ** 30;
const MIB = 2 ** 20;

/** The tools make no smaller device. */
const SMALLEST = 16 * MIB;

/** Tests that a guest with these devices can execute one after the other. */
export interface BootGroup {
  readonly devices: readonly DeviceSpec[];
  readonly programs: readonly Program[];
}

/** Tests with larger devices, which cost memory and time, are executed in a guest of their own kind. */
const LARGE = 256 * MIB;

/** Puts tests together that can share a boot: those that may leave a damaged kernel behind are alone. */
export function planBoots(programs: readonly Program[], scheme: Scheme): BootGroup[] {
  const alone = programs.filter((program) => isDangerous(program, scheme));
  const shared = programs.filter((program) => !isDangerous(program, scheme));
  const groups = [
    shared.filter((program) => !isLarge(program)),
    shared.filter(isLarge),
    ...alone.map((program) => [program]),
  ];
  return groups
    .filter((group) => group.length > 0)
    .map((group) => ({ devices: devicesFor(group), programs: group }));
}

/** For each device of a test one of the guest's, of the same alignment and large enough. */
export function placesFor(program: Program, devices: readonly DeviceSpec[]): number[] {
  const free = new Set(devices.keys());
  return program.devices.map((device) => {
    const place = [...free].find((index) => fits(device, devices[index]));
    if (place === undefined) throw new Error(`the guest has no device for ${device.name} of ${program.name}`);
    free.delete(place);
    return place;
  });
}

/** Linux is known to break something here, or a driver goes while its device is open. */
function isDangerous({ hazards, threads }: Program, scheme: Scheme): boolean {
  return (
    hazards.some((hazard) => hazard.scheme === null || hazard.scheme === scheme) ||
    threads.some(({ body }) => unbinds(body))
  );
}

function unbinds(body: readonly ResolvedStatement[]): boolean {
  return body.some((statement) =>
    statement.kind === 'repeat'
      ? unbinds(statement.body)
      : statement.kind === 'operation' && statement.operation === 'unbind',
  );
}

function isLarge(program: Program): boolean {
  return program.devices.some(({ size }) => size > LARGE);
}

/** As many devices of each alignment as the most demanding test has, each as large as any test asks for. */
function devicesFor(programs: readonly Program[]): DeviceSpec[] {
  return (['4K', '2M', '1G'] as const).flatMap((align) => {
    const sizes = programs.map((program) =>
      program.devices
        .filter((device) => alignmentOf(device) === align)
        .map(({ size }) => size)
        .sort((left, right) => right - left),
    );
    const count = Math.max(0, ...sizes.map((own) => own.length));
    return Array.from({ length: count }, (_, index) => ({
      kind: 'devdax' as const,
      align,
      bytes: Math.max(SMALLEST, ...sizes.map((own) => own[index] ?? 0)),
    })).sort((left, right) => left.bytes - right.bytes);
  });
}

function fits(device: Device, spec: DeviceSpec | undefined): boolean {
  return spec?.kind === 'devdax' && spec.align === alignmentOf(device) && spec.bytes >= device.size;
}

function alignmentOf({ align }: Device): Alignment {
  return align >= GIB ? '1G' : align >= 2 * MIB ? '2M' : '4K';
}
