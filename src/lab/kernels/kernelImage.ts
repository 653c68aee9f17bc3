/** A kernel that can be booted: what a distribution's kernel package unpacks to, or what the user built. */
export interface KernelImage {
  /** What uname -r says in it, and the name of its folder of modules. */
  readonly release: string;
  /** Path of the compressed kernel. */
  readonly vmlinuz: string;
  /** Path of the folder that has `modules.dep` and `kernel/`. */
  readonly modules: string;
}
