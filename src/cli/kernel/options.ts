export interface JsonOption {
  readonly json?: true;
}
