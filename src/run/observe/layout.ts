import { is_huge_zero_pfn, is_zero_pfn } from '../../kernel/common/include/zero_page.ts';
import { ANON_FIRST_PFN } from '../../kernel/state/anon_page.ts';
import type { Pfn } from '../../kernel/state/numbers.ts';
import type { Device, Program } from '../../litmus/index.ts';
import { MEMORY_FRAMES, type Placement, placeDevices } from '../boot/placement.ts';

/** A folio of a device as it was laid out, or a page where folios change; numbered across all devices. */
export type Unit = number;

/** No unit, no device: a frame that lies in none. */
export const NOWHERE = -1;

interface Extent extends Placement {
  readonly name: string;
  readonly kind: Device['kind'];
  readonly fileSystem: Device['fileSystem'];
  readonly rmapbt: boolean;
  /** Frames of one unit. */
  readonly unitFrames: number;
  readonly firstUnit: Unit;
  readonly endUnit: Unit;
}

/** Which device a frame belongs to, and which unit of it. */
export class Layout {
  readonly extents: readonly Extent[];
  /** Whether a device has a file system. */
  readonly hasFiles: boolean;
  /** Names of the test's files: the kernel knows them by their place here. */
  readonly fileNames: readonly string[];
  private last: Extent | undefined;
  private lastOfUnit: Extent | undefined;

  constructor(program: Program) {
    let firstUnit = 0;
    this.extents = placeDevices(program.devices).map((placement, index) => {
      const { name, kind, fileSystem, rmapbt } = program.devices[index] as Device;
      const unitFrames = kind === 'devdax' ? placement.alignFrames : 1;
      const endUnit = firstUnit + placement.frames / unitFrames;
      const extent = { ...placement, name, kind, fileSystem, rmapbt, unitFrames, firstUnit, endUnit };
      firstUnit = endUnit;
      return extent;
    });
    this.hasFiles = this.extents.some(({ kind }) => kind === 'fsdax');
    this.fileNames = program.fileNames;
    this.last = this.extents[0];
  }

  /** Whether a frame is ordinary memory: zeros, or a process's own. */
  isMemory(pfn: Pfn): boolean {
    return this.hasFiles && pfn < MEMORY_FRAMES;
  }

  /** The device that a frame lies in. */
  extentOf(pfn: Pfn): Extent | undefined {
    const { last } = this;
    if (last !== undefined && pfn >= last.firstFrame && pfn < last.firstFrame + last.frames) return last;
    const found = this.extents.find(
      ({ firstFrame, frames }) => pfn >= firstFrame && pfn < firstFrame + frames,
    );
    if (found !== undefined) this.last = found;
    return found;
  }

  unitOf(pfn: Pfn): Unit {
    const extent = this.extentOf(pfn);
    if (extent === undefined) return NOWHERE;
    return extent.firstUnit + Math.floor((pfn - extent.firstFrame) / extent.unitFrames);
  }

  /** The first frame of a unit. */
  frameOf(unit: Unit): Pfn {
    const extent = this.extentOfUnit(unit);
    return extent === undefined ? 0 : extent.firstFrame + (unit - extent.firstUnit) * extent.unitFrames;
  }

  /** Frames of a unit. */
  framesOf(unit: Unit): number {
    return this.extentOfUnit(unit)?.unitFrames ?? 1;
  }

  private extentOfUnit(unit: Unit): Extent | undefined {
    const { lastOfUnit } = this;
    if (lastOfUnit !== undefined && unit >= lastOfUnit.firstUnit && unit < lastOfUnit.endUnit)
      return lastOfUnit;
    this.lastOfUnit = this.extents.find(({ firstUnit, endUnit }) => unit >= firstUnit && unit < endUnit);
    return this.lastOfUnit;
  }

  /** Whether a frame is one of the zeros that fill the holes of files. */
  isZeros(pfn: Pfn): boolean {
    return this.hasFiles && (is_zero_pfn(pfn) || is_huge_zero_pfn(pfn));
  }

  /** Name of a frame as conditions write it: `d[3]`; of a page that no device has, which they cannot name, `anon[0]`. */
  nameOf(pfn: Pfn): string {
    if (this.isMemory(pfn)) return this.isZeros(pfn) ? 'zeros' : `anon[${pfn - ANON_FIRST_PFN}]`;
    const extent = this.extentOf(pfn);
    return extent === undefined ? `frame ${pfn}` : `${extent.name}[${pfn - extent.firstFrame}]`;
  }
}
