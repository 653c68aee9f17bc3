import type { Scheme } from '../../litmus/index.ts';
import type { AgentConnection } from '../agent/agentConnection.ts';
import type { KernelReport } from '../machine/kernelReports.ts';
import type { PageReader } from './pageReader.ts';

/** A booted kernel that can execute a test. */
export interface KernelSetting {
  readonly agent: AgentConnection;
  /** What the kernel calls itself. */
  readonly release: string;
  readonly scheme: Scheme;
  /** Path of the network block device; null where the guest has none. */
  readonly disk: string | null;
  readonly reader: PageReader;
  readonly devices: readonly { readonly path: string; readonly bytes: number }[];
  /** What the kernel has said so far of what is wrong with it; grows. */
  readonly reports: readonly KernelReport[];
}
