/** Options of `daxlab explore`, as commander hands them over. */
export interface ExploreCommandOptions {
  /** 0 is any that is free. */
  readonly port: number;
}
