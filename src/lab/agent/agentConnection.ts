import type { Duplex } from 'node:stream';
import { LabError } from '../labError.ts';
import { linesOf } from '../process/lines.ts';
import { type AgentLine, type Answer, parseAgentLine } from './answer.ts';
import { argumentText } from './laterResult.ts';

/** A command for one thread: the name of an operation of the agent and its arguments. */
export interface Command {
  readonly operation: string;
  readonly arguments: readonly (number | string)[];
}

/** The end of the connection: the guest, or the agent in it, is gone or silent. */
export class AgentLost extends LabError {}

/** Milliseconds within which the agent says something of each command, if only that it is blocked. */
const ANSWER_LIMIT = 60_000;

/** The same where its kernel has fallen: a thread that died in the kernel never answers. */
const FALLEN_LIMIT = 3000;

interface Waiter {
  readonly take: (line: AgentLine) => boolean;
  readonly lose: (error: Error) => void;
}

/** When an agent that says nothing counts as lost. */
export interface AgentLimits {
  /** Whether its kernel has given up in some part. */
  readonly hasFallen?: () => boolean;
  /** Milliseconds. */
  readonly limit?: number;
}

/** The controller of an agent, at the other end of a channel. */
export class AgentConnection {
  private readonly channel: Duplex;
  private readonly waiters = new Set<Waiter>();
  private lost: Error | null = null;
  private readonly hasFallen: () => boolean;
  private readonly limit: number;

  constructor(channel: Duplex, { hasFallen = () => false, limit = ANSWER_LIMIT }: AgentLimits = {}) {
    this.channel = channel;
    this.hasFallen = hasFallen;
    this.limit = limit;
    linesOf(channel, (line) => this.receive(line));
    for (const event of ['end', 'close', 'error'] as const) {
      channel.once(event, () => this.lose(new AgentLost('the agent in the guest is gone')));
    }
  }

  /** The agent's first words: the release of its kernel, and the disk for direct I/O if there is one. */
  async hello(): Promise<{ readonly release: string; readonly disk: string | null }> {
    return await this.waitFor('to begin', (line) => (line.kind === 'hello' ? line : undefined));
  }

  /** A new process, whose main thread gets a place; its process id. Rejects with an `AgentLost` where there can be none. */
  async process(place: number): Promise<number> {
    const answer = this.answerOf(place, `process ${place}`);
    this.send(`process ${place}`);
    const id = resultOf(await answer, 'process');
    if (id < 0) throw new AgentLost(`the guest makes no process (${id})`);
    return id;
  }

  /**
   * Has a thread execute one operation: its result, or undefined when its process ended on it. `blocked` is told when it
   * sleeps in the kernel for longer than `patience` milliseconds, or runs there for a quarter of a minute, and decides from
   * then on how long that is waited for. Where nobody is told, one that takes too long is the end of the connection.
   */
  async execute(
    place: number,
    command: Command,
    blocked?: (where: string) => void,
    patience?: number,
  ): Promise<number | undefined> {
    const text = `do ${place} ${textOf(command)}`;
    const last = this.lastAnswerOf(place, text, blocked);
    if (patience !== undefined) this.send(`patience ${patience}`);
    this.send(text);
    if (patience !== undefined) this.send(`patience ${PATIENCE}`);
    const answer = await last;
    return answer.kind === 'gone' ? undefined : resultOf(answer, command.operation);
  }

  /** Appends an operation to a thread's row; `needs` is the position of one in it that must not have failed, or -1. */
  add(place: number, needs: number, command: Command): void {
    this.send(`add ${place} ${needs} ${textOf(command)}`);
  }

  /** Lets the rows of several threads run at once, with pauses by the seed unless that is 0; the results of each, undefined where its process ended. */
  async go(seed: number, places: readonly number[]): Promise<readonly (readonly number[] | undefined)[]> {
    const answers = places.map((place) => this.rowOf(place));
    this.send(`go ${seed} ${places.join(' ')}`);
    return await Promise.all(answers);
  }

  /** Lets the direct I/O of a zone of the disk finish. */
  release(zone: number): void {
    this.send(`release ${zone}`);
  }

  /** Kills every process; how many would not die. */
  async clear(): Promise<number> {
    const cleared = this.waitFor('clear', (line) => (line.kind === 'cleared' ? line.left : undefined));
    this.send('clear');
    return await cleared;
  }

  private async rowOf(place: number): Promise<readonly number[] | undefined> {
    const answer = await this.lastAnswerOf(place, 'go');
    return answer.kind === 'done' ? answer.results : undefined;
  }

  /**
   * What comes of a command in the end, of which `blocked` may be said before. Who waits for what follows that is there before
   * the next line is read: both may come at once.
   */
  private async lastAnswerOf(
    place: number,
    what: string,
    blocked?: (where: string) => void,
    limit: number = this.limit,
  ): Promise<Answer> {
    const later: Promise<Answer>[] = [];
    const first = await this.answerOf(place, what, limit, ({ where }) => {
      const patience = blocked === undefined ? this.limit : Number.POSITIVE_INFINITY;
      later.push(this.lastAnswerOf(place, `${what}, ${where}`, blocked, patience));
      blocked?.(where);
    });
    return (await later[0]) ?? first;
  }

  /** `blocked` is called before the line behind that answer is read. */
  private answerOf(
    place: number,
    what: string,
    limit: number = this.limit,
    blocked: (answer: Extract<Answer, { kind: 'blocked' }>) => void = () => {},
  ): Promise<Answer> {
    const pick = (line: AgentLine): Answer | undefined => {
      if (line.kind !== 'answer' || line.place !== place) return undefined;
      if (line.answer.kind === 'blocked') blocked(line.answer);
      return line.answer;
    };
    return this.waitFor(what, pick, limit);
  }

  private send(line: string): void {
    if (this.lost === null) this.channel.write(`${line}\n`);
  }

  private receive(text: string): void {
    const line = parseAgentLine(text);
    if (line === null) return;
    if (line.kind === 'error') this.lose(new AgentLost(`the agent does not understand: ${line.text}`));
    for (const waiter of this.waiters) {
      if (waiter.take(line)) {
        this.waiters.delete(waiter);
        return;
      }
    }
  }

  private waitFor<Value>(
    what: string,
    pick: (line: AgentLine) => Value | undefined,
    limit: number = this.limit,
  ): Promise<Value> {
    return new Promise((resolve, reject) => {
      if (this.lost !== null) {
        reject(this.lost);
        return;
      }
      const started = performance.now();
      const look = (): void => {
        if (performance.now() - started < limit && !this.hasFallen()) return;
        this.lose(new AgentLost(`the guest does not answer: ${what}`));
      };
      const timer = Number.isFinite(limit) ? setInterval(look, Math.min(limit, FALLEN_LIMIT)) : undefined;
      this.waiters.add({
        take: (line) => {
          const value = pick(line);
          if (value === undefined) return false;
          clearInterval(timer);
          resolve(value);
          return true;
        },
        lose: (error) => {
          clearInterval(timer);
          reject(error);
        },
      });
    });
  }

  private lose(error: Error): void {
    if (this.lost !== null) return;
    this.lost = error;
    for (const waiter of this.waiters) waiter.lose(error);
    this.waiters.clear();
  }
}

/** Milliseconds that an operation may sleep before it counts as blocked, unless told otherwise; the agent's own value. */
const PATIENCE = 300;

function textOf({ operation, arguments: values }: Command): string {
  return [operation, ...values.map(argumentText)].join(' ');
}

function resultOf(answer: Answer, what: string): number {
  const result = answer.kind === 'done' ? answer.results[0] : undefined;
  if (result === undefined) throw new AgentLost(`the agent gave no result: ${what}`);
  return result;
}
