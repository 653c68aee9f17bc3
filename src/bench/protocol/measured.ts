/** What one search of the protocol to its end took. */
export interface Measured {
  readonly states: number;
  readonly transitions: number;
  readonly seconds: number;
  readonly megabytes: number;
}
