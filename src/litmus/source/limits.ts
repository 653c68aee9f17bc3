/**
 * The bounds of the language. They keep a mangled or hostile file from taking the tools down; every one has a
 * single clear error. The manual repeats them, and a test holds the two together.
 */
export const LIMITS = {
  /** Characters (UTF-16 units) in a file: 1 MiB. */
  fileLength: 1_048_576,
  /** Bodies within bodies, or parentheses and unary operators within each other. */
  nesting: 64,
  /** Statements in a file. A block counts as one, besides what it contains. */
  statements: 10_000,
  /** Operators in one expression. */
  operators: 1_000,
  /** Characters of a name. */
  nameLength: 64,
  /** Characters between the quotes of a string. */
  stringLength: 1_024,
  /** Arguments of one operation or device. */
  callArguments: 32,
  /** Rounds of one `repeat`. */
  repeatCount: 1_000_000_000,
  /** Devices in a file. */
  devices: 64,
  /** Processes and forked children in a file. */
  processes: 256,
  /** Threads in a file, the main thread of every process among them: each runs on a CPU of its own. */
  threads: 256,
  /** Bytes of a device: 64 TiB, what x86-64 addresses physically. */
  deviceSize: 0x4000_0000_0000,
  /** Largest number that is written or computed: 2^53 - 1. */
  number: 0x1f_ffff_ffff_ffff,
  /** Errors reported of one file; the rest is counted. */
  reportedErrors: 50,
} as const;
