import type { ResolvedOperation } from '../../litmus/index.ts';
import type { Command } from '../agent/agentConnection.ts';
import { isLaterResult, LEFT_OUT, laterResult } from '../agent/laterResult.ts';
import { SYSTEM_CALLS } from '../agent/systemCalls.ts';
import type { KernelThread } from './kernelThread.ts';
import { adapterOf } from './operations/adapters.ts';
import { type CommandExecutor, OperationContext, type OperationWorld } from './operations/context.ts';
import type { Content, Registers } from './registers.ts';
import type { TestProcess } from './world.ts';

/** An operation that cannot be one of a row: it takes its own turn. */
class OwnTurn extends Error {}

/** Commands that the agent takes in one row. */
const LONGEST_ROW = 90;

interface RowCommand {
  /** Position of an earlier command that must not have failed; -1 for none. */
  readonly needs: number;
  readonly command: Command;
}

interface RowOperation {
  readonly operation: ResolvedOperation;
  /** Positions of its commands: from `first` up to, not including, `end`. */
  readonly first: number;
  readonly end: number;
}

/** Operations of one thread that run without us, beside those of others. */
export interface Row {
  readonly thread: KernelThread;
  readonly operations: readonly RowOperation[];
  readonly commands: readonly RowCommand[];
}

/**
 * The operations from where a thread stands up to the first that has to take a turn of its own, at which it stands
 * afterwards. They are told the agent in advance, as if each succeeded, with results that are not known yet in the
 * places of values. `others` run at the same time. Asserts between them cannot be judged, and are passed over.
 */
export async function recordRow(
  thread: KernelThread,
  world: OperationWorld,
  process: TestProcess,
  others: readonly KernelThread[],
): Promise<Row> {
  const { registers } = world;
  const operations: RowOperation[] = [];
  const commands: RowCommand[] = [];
  const producers = new Map<number, number>();
  for (let { stop } = thread; stop !== null; stop = thread.next()) {
    if (stop.kind === 'assert') continue;
    if (stop.kind !== 'operation' || commands.length > LONGEST_ROW / 2) break;
    const { operation } = stop;
    const adapter = adapterOf(operation.operation);
    if (adapter === undefined || !isKnown(operation, registers) || isShared(operation, others)) break;
    const needs = Math.max(-1, ...operation.reads.map(({ register }) => producers.get(register.slot) ?? -1));
    const own: RowCommand[] = [];
    const record: CommandExecutor = async (command) => {
      own.push({ needs, command });
      return laterResult(commands.length + own.length - 1);
    };
    try {
      const content = await adapter(
        new OperationContext(withoutTurns(world), operation, process, thread.index, record),
      );
      if (own.length === 0 || commands.length + own.length > LONGEST_ROW) break;
      registers.take(process.index, operation.register, content);
      if (operation.register !== null) {
        producers.set(operation.register.slot, commands.length + own.length - 1);
      }
    } catch (error) {
      if (error instanceof OwnTurn) break;
      throw error;
    }
    operations.push({ operation, first: commands.length, end: commands.length + own.length });
    commands.push(...own);
  }
  return { thread, operations, commands };
}

/** What came of each operation of a row, by the results of its commands; `undefined` where it was skipped. */
export async function replayRow(
  row: Row,
  results: readonly number[],
  world: OperationWorld,
  process: TestProcess,
  late: CommandExecutor,
  done: (operation: ResolvedOperation, content: Content | undefined) => void,
): Promise<void> {
  for (const { operation, first, end } of row.operations) {
    const known = results.slice(first, end);
    if (known[0] === LEFT_OUT) {
      done(operation, undefined);
      continue;
    }
    const answer: CommandExecutor = async (command, patience) => {
      const result = known.shift();
      if (result !== undefined && result !== LEFT_OUT) return result;
      // After a failure, what was taken already is given back; there was no place for that in the row.
      if (command.arguments[0] !== SYSTEM_CALLS.close) throw new Error(`the row had no ${command.operation}`);
      return await late(command, patience);
    };
    const adapter = adapterOf(operation.operation);
    if (adapter === undefined) continue;
    done(operation, await adapter(new OperationContext(world, operation, process, row.thread.index, answer)));
  }
}

/** Whether everything that an operation computes with is known before the row runs. */
function isKnown({ reads }: ResolvedOperation, registers: Registers): boolean {
  return reads.every(({ register, use }) => {
    const content = registers.read(register);
    return content !== undefined && (use === 'handle' ? content.value >= 0 : !isLaterResult(content.value));
  });
}

/** Whether an operation depends on what another thread sets meanwhile: what that is would be told the agent too early. */
function isShared({ reads }: ResolvedOperation, others: readonly KernelThread[]): boolean {
  return reads.some(({ register }) => others.some((other) => other.writes(register)));
}

/** Direct I/O is held back and released by the controller, in turns; files are opened in several steps. */
function withoutTurns(world: OperationWorld): OperationWorld {
  const refuse = (): never => {
    throw new OwnTurn();
  };
  return { ...world, nextZone: refuse, releaseZone: refuse, takeOwnTurn: refuse };
}
