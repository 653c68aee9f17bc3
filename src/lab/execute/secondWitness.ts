import type { Program } from '../../litmus/index.ts';
import type { AgentConnection, Command } from '../agent/agentConnection.ts';
import type { KernelThread } from './kernelThread.ts';
import type { PageReader } from './pageReader.ts';
import type { TestDevice, TestProcess } from './world.ts';

/** What is read from outside contradicts what the kernel says itself: the reader of its memory is wrong. */
export class Contradiction extends Error {}

const PAGE = 4096;
const GIB = 2 ** 30;

/** Of a mapping that is longer than twice this, the first and the last pages are compared. */
const LONGEST = 1024;

/** Parts of mappings that are compared at once: what the agent takes in one row. */
const MOST = 90;

/** Fingerprints stay below this. */
const MODULUS = 2 ** 52;

type Frames = readonly (number | undefined)[];

interface Part {
  readonly process: TestProcess;
  readonly id: number;
  readonly device: TestDevice;
  readonly address: number;
  readonly pages: number;
}

export interface WitnessParts {
  readonly program: Program;
  readonly agent: AgentConnection;
  readonly reader: PageReader;
  readonly processes: readonly TestProcess[];
}

/**
 * Holds the page tables as they are read from outside against /proc/PID/pagemap, page by page: which pages of a test's mappings
 * are there, and in which frames. Mappings of devices of 1 GiB pages are left out: to look at one there splits its entry.
 */
export class SecondWitness {
  private readonly parts: WitnessParts;

  constructor(parts: WitnessParts) {
    this.parts = parts;
  }

  /**
   * Compares what there is now. Nothing is compared while an operation is under way, which may hold what looking waits for.
   *
   * @throws Contradiction that names the page and both values
   */
  async compare(threads: readonly KernelThread[]): Promise<void> {
    if (threads.some(({ underWay }) => underWay !== null)) return;
    const witness = threads.find(
      ({ status, process }) => status !== 'absent' && this.parts.processes[process]?.id !== undefined,
    );
    if (witness === undefined) return;
    const parts = this.parts.processes.flatMap((process) => this.partsOf(process));
    for (let first = 0; first < parts.length; first += MOST)
      await this.compareParts(parts.slice(first, first + MOST), witness.index);
  }

  /** A negative answer is of a process that is about to end, and has no page tables any more. */
  private async compareParts(parts: readonly Part[], place: number): Promise<void> {
    const { agent, reader } = this.parts;
    for (const part of parts) agent.add(place, -1, commandFor(part));
    const [answers = []] = await agent.go(0, [place]);
    for (const [position, part] of parts.entries()) {
      const { id, address, pages } = part;
      const answer = answers[position] ?? -1;
      const outside = reader.frames(id, address, pages);
      if (answer >= 0 && answer !== fingerprint(outside)) await this.explain(part, outside, place);
    }
  }

  private partsOf(process: TestProcess): Part[] {
    const { id, mapped } = process;
    if (id === undefined) return [];
    const parts = new Map<string, Part>();
    for (const { address, length, device } of mapped) {
      // What maps a file stays when its device goes: the kernel itself stumbles over that when it looks there.
      if (device.kind === 'fsdax' && !device.isBound) continue;
      if ((this.parts.program.devices[device.index]?.align ?? 0) >= GIB) continue;
      const pages = Math.ceil(length / PAGE);
      const isLong = pages > 2 * LONGEST;
      const starts = isLong ? [address, address + (pages - LONGEST) * PAGE] : [address];
      for (const start of starts) {
        const part = { process, id, device, address: start, pages: isLong ? LONGEST : pages };
        parts.set(`${part.address} ${part.pages}`, part);
      }
    }
    return [...parts.values()];
  }

  /** Finds the first page of which the two say different things. */
  private async explain(part: Part, outside: Frames, place: number): Promise<void> {
    const ask = async (from: number, end: number): Promise<number> => {
      const pages = { ...part, address: part.address + from * PAGE, pages: end - from };
      return (await this.parts.agent.execute(place, commandFor(pages))) ?? 0;
    };
    let [from, to] = [0, part.pages];
    while (to - from > 1) {
      const middle = Math.floor((from + to) / 2);
      if ((await ask(from, middle)) === fingerprint(outside.slice(from, middle))) from = middle;
      else to = middle;
    }
    const { processes, devices } = this.parts.program;
    const { process, device, address } = part;
    const text = (frame: number | undefined): string =>
      frame === undefined
        ? 'no page'
        : `frame ${frame} (${devices[device.index]?.name ?? ''}[${frame - device.firstFrame}])`;
    const inside = await ask(from, from + 1);
    const where = `0x${(address + from * PAGE).toString(16)} of ${processes[process.index]?.name ?? ''}`;
    const found = `it finds ${text(outside[from])}, and the kernel ${text(inside > 0 ? inside - 1 : undefined)}`;
    throw new Contradiction(`the reader of the kernel’s memory is wrong: at ${where} ${found}`);
  }
}

function commandFor({ id, address, pages }: Pick<Part, 'id' | 'address' | 'pages'>): Command {
  return { operation: 'pagemap', arguments: [id, address, pages] };
}

/** One number for the frames of pages, as the agent has it: 0 if there are none. */
function fingerprint(frames: Frames): number {
  return frames.reduce<number>(
    (sum, frame, page) => (frame === undefined ? sum : (sum + (frame + 1) * (page + 1)) % MODULUS),
    0,
  );
}
