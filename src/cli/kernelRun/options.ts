/** Options of `daxlab kernel run`, as commander hands them over. */
export interface KernelRunOptions {
  /** Versions, separated by commas. */
  readonly kernel?: string;
  readonly vmlinuz?: string;
  readonly modules?: string;
  readonly iterations?: number;
  readonly filter?: string;
  readonly json?: true;
}
