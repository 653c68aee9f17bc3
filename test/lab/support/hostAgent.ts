import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { AgentConnection } from '../../../src/lab/agent/agentConnection.ts';
import { buildAgent } from '../../../src/lab/agent/buildAgent.ts';
import type { KernelSetting } from '../../../src/lab/execute/kernelSetting.ts';
import type { PageReader } from '../../../src/lab/execute/pageReader.ts';

/** The agent on this machine's own kernel, with an ordinary file in the place of a device. */
export interface HostAgent {
  readonly setting: KernelSetting;
  readonly agent: AgentConnection;
  /** Fills the device with zeros. */
  zero(): void;
  /** A setting whose device is a folder, in the place of a file system. */
  readonly onFiles: KernelSetting;
  stop(): void;
}

const DEVICE_BYTES = 4 * 2 ** 20;

export async function startHostAgent(reader: PageReader = blindReader): Promise<HostAgent> {
  const folder = mkdtempSync(join(tmpdir(), 'daxlab-test-'));
  const sources = fileURLToPath(new URL('../../../guest', import.meta.url));
  const program = await buildAgent(sources, folder);
  const path = join(folder, 'device');
  writeFileSync(path, Buffer.alloc(DEVICE_BYTES));
  const child = spawn(program, [path], { stdio: ['pipe', 'pipe', 'inherit'] });
  const channel = Duplex.from({ writable: child.stdin, readable: child.stdout });
  const agent = new AgentConnection(channel, { limit: 10_000 });
  const { release } = await agent.hello();
  const files = join(folder, 'files');
  mkdirSync(files);
  const setting: KernelSetting = {
    agent,
    release,
    scheme: 'refcount',
    disk: null,
    reader,
    devices: [{ path, bytes: DEVICE_BYTES }],
    reports: [],
  };
  return {
    agent,
    setting,
    onFiles: { ...setting, devices: [{ path: files, bytes: DEVICE_BYTES }] },
    zero: () => writeFileSync(path, Buffer.alloc(DEVICE_BYTES)),
    stop: () => {
      child.stdin.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Sees pages that are always idle, and no entry; what is mapped it takes from this machine's kernel. */
const blindReader: PageReader = {
  firstFrame: () => 0,
  folio: (_device, page) => ({ first: page, refcount: 1, mapcount: 0, pincount: 0, order: 0 }),
  trace: () => undefined,
  entry: () => undefined,
  frames: (processId, address, pages) => {
    const file = openSync(`/proc/${processId}/pagemap`, 'r');
    const bytes = Buffer.alloc(pages * 8);
    readSync(file, bytes, 0, bytes.length, (address / 4096) * 8);
    closeSync(file);
    return Array.from({ length: pages }, (_, page) => {
      const entry = bytes.readBigUInt64LE(page * 8);
      return entry >> 63n === 0n ? undefined : Number(entry & (2n ** 55n - 1n));
    });
  },
};
