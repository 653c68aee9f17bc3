/** Options of `daxlab run`, as commander hands them over. */
export interface RunCommandOptions {
  readonly scheme?: 'devmap' | 'refcount' | 'both';
  readonly seed?: number;
  readonly replay?: string;
  readonly trace?: true;
  readonly filter?: string;
  readonly json?: true;
  readonly junit?: string;
  readonly summary?: true;
}
