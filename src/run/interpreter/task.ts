/** What a thread's operation asks of the machine, one after the other; each but a call is one step. */
export type Request =
  /** A kernel function: as many steps as it has primitives, or all at once in the plain form. */
  | { readonly kind: 'call'; readonly name: string; readonly arguments: readonly number[] }
  /** One access that no kernel function makes, or none. */
  | { readonly kind: 'access'; readonly perform: () => number }
  /** Waits until something is so; `what` and `whom` are for who asks why it never is. */
  | {
      readonly kind: 'wait';
      readonly until: () => boolean;
      readonly what: string;
      /** Threads that it waits for. */
      readonly whom: () => readonly number[];
    };

/** An operation under way: yields requests, is resumed with what they returned. */
export type Task = Generator<Request, void, number>;

export function call(name: string, ...args: readonly number[]): Request {
  return { kind: 'call', name, arguments: args };
}

export function access(perform: () => number): Request {
  return { kind: 'access', perform };
}

/** A step that does nothing: what is decided without the machine takes a turn all the same. */
export const nothing: Request = { kind: 'access', perform: () => 0 };
