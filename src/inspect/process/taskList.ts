import type { KernelTypes } from '../btf/kernelTypes.ts';
import type { VirtualAddress } from '../memory/addresses.ts';
import { readS32, readU64 } from '../memory/littleEndian.ts';
import type { VirtualMemory } from '../memory/physicalMemory.ts';

/** What is read of a process's first task. */
export interface Task {
  readonly pid: number;
  /** Its mm_struct; 0 of a kernel thread and of a process that ended. */
  readonly mm: VirtualAddress;
}

/** Processes that a kernel can have at most: a longer list goes round in circles. Linux: PID_MAX_LIMIT (6.16) */
const MOST_PROCESSES = 4 * 1024 * 1024;

/**
 * Goes through the list of all processes: each is there once, with the task that it began with. A list that changes
 * meanwhile, or is damaged, ends early.
 *
 * Linux: include/linux/sched/signal.h for_each_process (6.16)
 */
export function taskList(
  kernel: VirtualMemory,
  types: KernelTypes,
  initTask: VirtualAddress,
): () => Generator<Task> {
  const next = types.member('task_struct', 'tasks.next').offset;
  const pid = types.member('task_struct', 'pid').offset;
  const mm = types.member('task_struct', 'mm').offset;
  // One read for all three: they lie close to one another in a struct of ten kilobytes.
  const start = Math.min(next, pid, mm);
  const length = Math.max(next + 8, pid + 4, mm + 8) - start;

  return function* () {
    let task = initTask;
    for (let count = 0; count < MOST_PROCESSES; count++) {
      const bytes = kernel.read(task + BigInt(start), length);
      if (bytes === undefined) return;
      yield { pid: readS32(bytes, pid - start), mm: readU64(bytes, mm - start) };
      task = readU64(bytes, next - start) - BigInt(next);
      if (task === initTask) return;
    }
  };
}
