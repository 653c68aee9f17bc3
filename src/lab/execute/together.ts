import type { Term } from '../../litmus/index.ts';
import type { Command } from '../agent/agentConnection.ts';
import type { KernelThread } from './kernelThread.ts';
import { ProcessGone } from './operations/context.ts';
import type { Recorder } from './recorder.ts';
import type { Registers } from './registers.ts';
import { recordRow, replayRow } from './row.ts';
import type { RunWorld } from './runWorld.ts';
import { valueOfTerm } from './terms.ts';

/**
 * Lets threads run at once, up to where each has to take a turn of its own; those that got somewhere.
 *
 * @param seed chooses how they meet
 */
export async function runTogether(
  run: RunWorld,
  recorder: Recorder,
  live: readonly KernelThread[],
  seed: number,
): Promise<readonly KernelThread[]> {
  if (run.files.isNeeded && live.some((thread) => endsRequest(thread, run.registers))) return [];
  const { agent } = run.setting;
  const rows = [];
  for (const thread of live) {
    if (thread.underWay !== null || thread.barrier !== null) continue;
    const registers = run.registers.copy(run.program);
    const sources = { ...run.sources, registers };
    const world = { ...run.world, registers, lookup: (term: Term) => valueOfTerm(term, sources) };
    const row = await recordRow(
      thread,
      world,
      run.processOf(thread),
      live.filter((other) => other !== thread),
    );
    if (row.commands.length > 0) rows.push(row);
  }
  if (rows.length === 0) return [];
  for (const { thread, commands } of rows) {
    for (const { needs, command } of commands) agent.add(thread.index, needs, command);
  }
  const all = await agent.go(
    seed,
    rows.map(({ thread }) => thread.index),
  );
  for (const [position, row] of rows.entries()) {
    const { thread } = row;
    const results = all[position];
    if (results === undefined) throw new ProcessGone(`a row of ${thread.name}`);
    const { stop } = thread;
    const late = (command: Command): Promise<number | undefined> => agent.execute(thread.index, command);
    await replayRow(row, results, run.world, run.processOf(thread), late, (operation, content) => {
      thread.stop = { kind: 'operation', operation };
      const known = content ?? run.unusable(operation) ?? null;
      if (known !== null) run.registers.take(thread.process, operation.register, known);
      recorder.step(thread, known?.value ?? null, content === undefined);
    });
    thread.stop = stop;
  }
  return rows.map(({ thread }) => thread);
}

/**
 * Whether a thread stands at the end of direct I/O, a turn of its own: on files, what runs at once must not wait for that,
 * since the turn comes only when all of it is over.
 */
function endsRequest({ stop }: KernelThread, registers: Registers): boolean {
  if (stop?.kind !== 'operation') return false;
  return stop.operation.reads.some(({ register, use }) => {
    const content = registers.read(register);
    return use === 'handle' && content?.kind === 'held' && content.held.kind === 'request';
  });
}
