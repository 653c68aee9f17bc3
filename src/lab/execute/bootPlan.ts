import {
  type Device,
  holdsUnder,
  type Program,
  type ResolvedStatement,
  type Scheme,
} from '../../litmus/index.ts';
import type { Alignment, DeviceSpec, FileSystemSpec } from '../machine/guest.ts';
import { layOutMemory } from '../machine/memoryLayout.ts';

const GIB = 2 ** 30;
const MIB = 2 ** 20;

/** The tools make no smaller device. */
const SMALLEST = 16 * MIB;

/** Above this a device is large: tests that ask for less get one of their own, whose pages are fewer. */
const LARGE = 256 * MIB;

/** Tests for which another guest is worth its making. */
const TESTS_A_GUEST = 24;

/** How a file system is made. */
type Make = Pick<FileSystemSpec, 'fileSystem' | 'rmapbt'>;

/** Every way to make one. */
const MAKES: readonly Make[] = [
  { fileSystem: 'ext4', rmapbt: false },
  { fileSystem: 'xfs', rmapbt: false },
  { fileSystem: 'xfs', rmapbt: true },
];

/** How to execute tests: one after the other in as many guests, all with the same devices. */
export interface BootPlan {
  /** Devices for every test, so that any guest can execute any. */
  readonly devices: readonly DeviceSpec[];
  /** The tests in the order to begin with them: those that may leave a damaged kernel behind come last. */
  readonly programs: readonly Program[];
  readonly guests: number;
  /** Whether more guests than one are to be expected, at once or one after the other. */
  readonly freezes: boolean;
}

/** Plans the boots for tests on a machine that has room for so many guests at once. */
export function planBoots(programs: readonly Program[], scheme: Scheme, most: number): BootPlan {
  const dangers = new Map(programs.map((program) => [program, dangerOf(program, scheme)]));
  const ordered = [...programs].sort((left, right) => (dangers.get(left) ?? 0) - (dangers.get(right) ?? 0));
  const renewals = ordered.filter((program) => dangers.get(program) === BREAKS).length;
  const worth = Math.floor((ordered.length - renewals) / TESTS_A_GUEST) + renewals;
  const guests = Math.max(1, Math.min(most, worth));
  const isSpoilt = ordered.some((program) => dangers.get(program) !== HARMLESS);
  return { devices: devicesFor(programs), programs: ordered, guests, freezes: guests > 1 || isSpoilt };
}

/** Bytes of memory that a guest needs for a test alone. */
export function guestBytesOf(program: Program): number {
  return layOutMemory(devicesFor([program])).ramBytes;
}

/** For each device of a test one of the guest's, of the same alignment or with the same file system, and large enough. */
export function placesFor(program: Program, devices: readonly DeviceSpec[]): number[] {
  const free = new Set(devices.keys());
  return program.devices.map((device) => {
    const place = [...free].find((index) => fits(device, devices[index]));
    if (place === undefined) throw new Error(`the guest has no device for ${device.name} of ${program.name}`);
    free.delete(place);
    return place;
  });
}

const HARMLESS = 0;
const UNBINDS = 1;
const BREAKS = 2;

/** Whether a driver goes while its device is open, or even that under a file system, or Linux is known to break something. */
function dangerOf({ devices, hazards, threads }: Program, scheme: Scheme): number {
  if (hazards.some((hazard) => holdsUnder(hazard, scheme))) return BREAKS;
  if (!threads.some(({ body }) => unbinds(body))) return HARMLESS;
  return devices.some(({ kind }) => kind === 'fsdax') ? BREAKS : UNBINDS;
}

function unbinds(body: readonly ResolvedStatement[]): boolean {
  return body.some((statement) =>
    statement.kind === 'repeat'
      ? unbinds(statement.body)
      : statement.kind === 'operation' && statement.operation === 'unbind',
  );
}

/**
 * As many devices of each alignment and class of sizes, or of each kind of file system, as the most demanding test has, each as large
 * as any asks for.
 */
function devicesFor(programs: readonly Program[]): DeviceSpec[] {
  const characterDevices = (['4K', '2M', '1G'] as const).flatMap((align) =>
    [false, true].flatMap((isLarge) =>
      sizesFor(
        programs,
        (device) =>
          device.kind === 'devdax' && alignmentOf(device) === align && device.size > LARGE === isLarge,
      ).map((bytes) => ({ kind: 'devdax' as const, align, bytes })),
    ),
  );
  const fileSystems = MAKES.flatMap((make) =>
    sizesFor(programs, (device) => isMadeAs(device, make)).map((bytes) => ({
      kind: 'fsdax' as const,
      ...make,
      bytes,
    })),
  );
  return [...characterDevices, ...fileSystems];
}

/** Bytes of as many devices of a class as the most demanding test has, each as large as any asks for, ascending. */
function sizesFor(programs: readonly Program[], isMeant: (device: Device) => boolean): number[] {
  const sizes = programs.map((program) =>
    program.devices
      .filter(isMeant)
      .map(({ size }) => size)
      .sort((left, right) => right - left),
  );
  const count = Math.max(0, ...sizes.map((own) => own.length));
  return Array.from({ length: count }, (_, index) =>
    Math.max(SMALLEST, ...sizes.map((own) => own[index] ?? 0)),
  ).sort((left, right) => left - right);
}

function fits(device: Device, spec: DeviceSpec | undefined): boolean {
  if (spec === undefined || spec.bytes < device.size) return false;
  return spec.kind === 'devdax'
    ? device.kind === 'devdax' && spec.align === alignmentOf(device)
    : isMadeAs(device, spec);
}

function isMadeAs(device: Device, { fileSystem, rmapbt }: Make): boolean {
  return device.fileSystem === fileSystem && device.rmapbt === rmapbt;
}

function alignmentOf({ align }: Device): Alignment {
  return align >= GIB ? '1G' : align >= 2 * MIB ? '2M' : '4K';
}
