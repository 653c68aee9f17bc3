import { join } from 'node:path';

/** A kernel that can be booted: what a distribution's kernel package unpacks to, or what the user built. */
export interface KernelImage {
  /** What uname -r says in it. */
  readonly release: string;
  /** Path of the compressed kernel. */
  readonly vmlinuz: string;
  /** Path of the folder with `modules.builtin` and `kernel/`: `/lib/modules/<release>` on an installed system. */
  readonly modules: string;
}

/** A kernel that has a folder of its own in our layout. */
export function imageIn(folder: string, release: string): KernelImage {
  return { release, vmlinuz: join(folder, 'vmlinuz'), modules: join(folder, 'modules') };
}
