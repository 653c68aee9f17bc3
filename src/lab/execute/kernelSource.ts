import { LabError } from '../labError.ts';

/** Attempts to boot: an emulated machine may fail to come up once in a while. */
const BOOT_ATTEMPTS = 3;

/** A kernel that runs, and that others can begin as when it is frozen. */
interface Running<Kernel> {
  freeze(): Promise<Frozen<Kernel>>;
  dispose(): Promise<void>;
}

interface Frozen<Kernel> {
  thaw(signal?: AbortSignal): Promise<Kernel>;
  dispose(): Promise<void>;
}

export interface KernelSourceParts<Kernel> {
  readonly boot: () => Promise<Kernel>;
  readonly signal: AbortSignal | undefined;
  /** Whether more than one guest is to be expected: then one is booted, and every one begins as it. */
  readonly freezes: boolean;
  /** Told what is about to be done. */
  readonly onStart: (what: 'boot' | 'thaw') => void;
}

/** Where the guests of one kernel come from. */
export class KernelSource<Kernel extends Running<Kernel>> {
  private readonly parts: KernelSourceParts<Kernel>;
  /** The guest that others begin as, or null where there is none; undefined until one is wanted. */
  private frozen: Promise<Frozen<Kernel> | null> | undefined;
  /** Whether the kernel has ever come up. */
  hasBooted = false;

  constructor(parts: KernelSourceParts<Kernel>) {
    this.parts = parts;
  }

  /** A guest, which belongs to the caller. Rejects with a `LabError`, or with the signal's reason. */
  async next(): Promise<Kernel> {
    const { signal, onStart, freezes } = this.parts;
    if (!freezes) return await this.boot();
    this.frozen ??= this.freeze();
    const frozen = await this.frozen;
    if (frozen === null) return await this.boot();
    try {
      onStart('thaw');
      return await frozen.thaw(signal);
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      signal?.throwIfAborted();
      // What QEMU cannot do here, it can do without.
      this.frozen = Promise.resolve(null);
      await frozen.dispose();
      return await this.boot();
    }
  }

  async dispose(): Promise<void> {
    const frozen = await this.frozen?.catch(() => null);
    await frozen?.dispose();
  }

  private async freeze(): Promise<Frozen<Kernel> | null> {
    const booted = await this.boot();
    try {
      return await booted.freeze();
    } catch (error) {
      await booted.dispose();
      if (!(error instanceof LabError)) throw error;
      return null;
    }
  }

  private async boot(): Promise<Kernel> {
    const { boot, signal, onStart } = this.parts;
    for (let attempt = 1; ; attempt++) {
      onStart('boot');
      try {
        const booted = await boot();
        this.hasBooted = true;
        return booted;
      } catch (error) {
        if (!(error instanceof LabError) || attempt === BOOT_ATTEMPTS) throw error;
        signal?.throwIfAborted();
      }
    }
  }
}
