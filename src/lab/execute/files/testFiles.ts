import type { AgentConnection } from '../../agent/agentConnection.ts';
import { ThreadCalls } from '../../agent/threadCalls.ts';
import { LabError } from '../../labError.ts';
import type { Registers } from '../registers.ts';
import { comesTrue } from '../settling.ts';
import type { TestDevice, TestProcess } from '../world.ts';
import { type Extent, extentsOf } from './extents.ts';
import { awaitInactivation } from './inactivation.ts';
import { freeBlocks, mount } from './mounting.ts';

/** The place of a process that belongs to no test: it looks after files. No test has as many threads. */
const ERRAND_PLACE = 63;

/** Every test has a folder of its own, so that nothing of an earlier one is found by name. */
const FOLDER = 'test';

const AT_REMOVEDIR = 0x200;
const FOLDER_MODE = 0o700;

/** A file system with this part of its room left counts as full: real ones keep some for trees, logs and reserves. */
const FULL = 1 / 32;

/** A file that a test has made. */
interface TestFile {
  readonly device: TestDevice;
  readonly name: string;
  /** Whether the name still leads to it. */
  isLinked: boolean;
  extents: readonly Extent[];
  /** Nobody can ask for it any more: it has lost its name, and nobody has it open. It may still be mapped. */
  isOutOfReach: boolean;
}

export interface TestFilesParts {
  readonly agent: AgentConnection;
  readonly devices: readonly TestDevice[];
  readonly processes: readonly TestProcess[];
  readonly registers: Registers;
}

/** A run of pages of a device that a file has. */
export interface FileBlocks {
  readonly device: TestDevice;
  readonly first: number;
  readonly pages: number;
}

/** The files of a test on its DAX file systems: which there are, and what lies where. */
export class TestFiles {
  private readonly parts: TestFilesParts;
  /** Those of the test's devices that have a file system. */
  private readonly devices: readonly TestDevice[];
  private readonly files: TestFile[] = [];
  /** Which page of which file each page of a device backs, or was the last to back: `d[7]` to `d/data[3]`. */
  private readonly names = new Map<string, string>();
  private readonly calls: ThreadCalls;

  constructor(parts: TestFilesParts) {
    this.parts = parts;
    this.devices = parts.devices.filter(({ kind }) => kind === 'fsdax');
    this.calls = errandCalls(parts.agent);
  }

  /** Whether the test has file systems at all. */
  get isNeeded(): boolean {
    return this.devices.length > 0;
  }

  /** Makes a folder on each file system. Rejects with a `LabError` when the guest cannot. */
  async begin(): Promise<void> {
    if (!this.isNeeded) return;
    await this.parts.agent.process(ERRAND_PLACE);
    for (const device of this.devices) {
      device.freeBlocks = await freeBlocks(this.calls, device);
      const made = await this.calls.callOnPath('mkdirat', folderOf(device), FOLDER_MODE);
      if (made < 0) throw new LabError(`the guest cannot make ${folderOf(device)} (${made})`);
    }
  }

  /** A name was opened: the number of its file. */
  opened(device: TestDevice, name: string): number {
    const known = this.files.findIndex(
      (file) => file.isLinked && file.device === device && file.name === name,
    );
    return known >= 0
      ? known
      : this.files.push({ device, name, isLinked: true, extents: [], isOutOfReach: false }) - 1;
  }

  unlinked(device: TestDevice, name: string): void {
    for (const file of this.files) if (file.device === device && file.name === name) file.isLinked = false;
  }

  /** Asks the file systems where the files are. Not while an operation is blocked, which may hold what that takes. */
  async look(): Promise<void> {
    await this.awaitRemovals();
    let hasChanged = false;
    for (const [number, file] of this.files.entries()) {
      const path = file.device.isBound ? this.pathTo(file, number) : null;
      if (file.isOutOfReach !== (path === null)) hasChanged = true;
      file.isOutOfReach = path === null;
      const extents = path === null ? null : await extentsOf(this.calls, path);
      if (extents === null || JSON.stringify(extents) === JSON.stringify(file.extents)) continue;
      file.extents = extents;
      hasChanged = true;
    }
    if (hasChanged) this.nameAll();
  }

  /** All pages that files have now. */
  blocks(): readonly FileBlocks[] {
    return this.files.flatMap(({ device, extents }) =>
      extents.map(({ devicePage, pages }) => ({ device, first: devicePage, pages })),
    );
  }

  /** The first of the file systems that has no more than `FULL` of its room left; undefined for none. */
  async fullDevice(): Promise<TestDevice | undefined> {
    for (const device of this.devices) {
      if (!device.isBound || device.freeBlocks === null) continue;
      const left = await freeBlocks(this.calls, device);
      if (left !== null && left <= device.freeBlocks * FULL) return device;
    }
    return undefined;
  }

  /** The page of its device that backs a page of a file; null for a hole. */
  pageOf(file: number, index: number): number | null {
    const { extents = [] } = this.files[file] ?? {};
    const extent = extents.find(({ filePage, pages }) => filePage <= index && index < filePage + pages);
    return extent === undefined ? null : extent.devicePage + index - extent.filePage;
  }

  /** What the pages of that list back, where they back anything. */
  backs(folios: readonly string[]): Record<string, string> {
    return Object.fromEntries(
      folios.flatMap((folio) => {
        const name = this.names.get(folio);
        return name === undefined ? [] : [[folio, name] as const];
      }),
    );
  }

  /** A page keeps its name while that is still true; of several files that share it, the one made first names it. */
  private nameAll(): void {
    const current = new Map<string, string[]>();
    for (const { device, name, extents, isOutOfReach } of this.files) {
      if (isOutOfReach) continue;
      for (const { filePage, devicePage, pages } of extents) {
        for (let page = 0; page < pages; page++) {
          const key = `${device.testName}[${devicePage + page}]`;
          const names = current.get(key) ?? [];
          names.push(`${device.testName}/${name}[${filePage + page}]`);
          current.set(key, names);
        }
      }
    }
    for (const [key, names] of current) {
      const [first = ''] = names;
      if (!names.includes(this.names.get(key) ?? '')) this.names.set(key, first);
    }
  }

  /** Lets file systems do what they put off when a file is gone. */
  private async awaitRemovals(): Promise<void> {
    for (const device of this.devices) {
      const hasRemoved = this.files.some((file) => file.device === device && !file.isLinked);
      if (hasRemoved && device.isBound && device.fileSystem === 'xfs')
        await awaitInactivation(this.calls, device.path);
    }
  }

  /** A path to a file: its name, or else the descriptor of a process that has it open; null for neither. */
  private pathTo(file: TestFile, number: number): string | null {
    if (file.isLinked) return filePath(file.device, file.name);
    const { processes, registers } = this.parts;
    for (const { index, id } of processes) {
      const held = registers.heldBy(index).find((each) => each.kind === 'file' && each.file === number);
      if (id !== undefined && held?.kind === 'file') return `/proc/${id}/fd/${held.descriptor}`;
    }
    return null;
  }

  /**
   * Removes what the test has left on its file systems, when its processes are gone; whether these then have as much room as
   * before it.
   */
  async removeAll(): Promise<boolean> {
    const { agent } = this.parts;
    if (!this.isNeeded) return true;
    await agent.process(ERRAND_PLACE);
    const removed: number[] = [];
    for (const device of this.devices) {
      if ((await freeBlocks(this.calls, device)) !== null) continue;
      removed.push(await mount(this.calls, device, (...call) => this.calls.execute('syscall', ...call)));
    }
    for (const { device, name, isLinked } of this.files) {
      if (isLinked) removed.push(await this.calls.callOnPath('unlinkat', filePath(device, name), 0));
    }
    for (const device of this.devices) {
      removed.push(await this.calls.callOnPath('unlinkat', folderOf(device), AT_REMOVEDIR));
    }
    const isEmpty = removed.every((result) => result >= 0) && (await comesTrue(() => this.hasRoom()));
    return (await agent.clear()) === 0 && isEmpty;
  }

  private async hasRoom(): Promise<boolean> {
    for (const device of this.devices) {
      if ((await freeBlocks(this.calls, device)) !== device.freeBlocks) return false;
    }
    return true;
  }
}

/** Where a file of a test is in the guest. */
export function filePath(device: TestDevice, name: string): string {
  return `${folderOf(device)}/${name}`;
}

function folderOf({ path }: TestDevice): string {
  return `${path}/${FOLDER}`;
}

function errandCalls(agent: AgentConnection): ThreadCalls {
  return new ThreadCalls(ERRAND_PLACE, async (operation, ...args) => {
    const result = await agent.execute(ERRAND_PLACE, { operation, arguments: args });
    if (result === undefined) throw new LabError('the process that looks after files has ended');
    return result;
  });
}
