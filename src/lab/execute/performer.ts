import type { ResolvedOperation } from '../../litmus/index.ts';
import type { Completion, KernelThread, UnderWay } from './kernelThread.ts';
import { adapterOf } from './operations/adapters.ts';
import { OperationContext } from './operations/context.ts';
import type { Recorder } from './recorder.ts';
import type { RunWorld } from './runWorld.ts';

/** Has the agent execute operations, one of a thread at a time. */
export class Performer {
  private readonly run: RunWorld;
  private readonly recorder: Recorder;

  constructor(run: RunWorld, recorder: Recorder) {
    this.run = run;
    this.recorder = recorder;
  }

  /** The operation that a thread stands at begins. */
  begin(thread: KernelThread): UnderWay {
    let onBlocked: (where: string) => void = () => {};
    const blocked = new Promise<string>((resolve) => {
      onBlocked = (where) => {
        this.run.blocked.add(thread);
        this.recorder.blocks(thread, where);
        resolve(where);
      };
    });
    const over = this.perform(thread, onBlocked);
    over.catch(() => {});
    thread.underWay = { over, blocked };
    return thread.underWay;
  }

  private async perform(thread: KernelThread, onBlocked: (where: string) => void): Promise<Completion> {
    const { stop } = thread;
    const nothing = { content: null, skipped: false };
    if (stop === null) {
      await this.run.life.exit(thread, 0, onBlocked);
      return { ...nothing, ended: true };
    }
    if (stop.kind === 'fork') {
      await this.run.life.fork(thread, stop.branch, onBlocked);
      return { ...nothing, ended: false };
    }
    if (stop.kind !== 'operation')
      throw new Error(`a thread stands at '${stop.kind}', which is no operation`);
    const { operation } = stop;
    const unusable = this.run.unusable(operation);
    if (unusable !== undefined) return { content: unusable, skipped: true, ended: false };
    const context = this.contextOf(thread, operation, onBlocked);
    if (operation.operation === 'exit') {
      await this.run.life.exit(thread, context.number('status'), onBlocked);
      return { ...nothing, ended: true };
    }
    if (operation.operation === 'exec') {
      await this.run.life.exec(thread, onBlocked);
      return { ...nothing, ended: true };
    }
    const adapter = adapterOf(operation.operation);
    if (adapter === undefined) return context.cannot('the agent does not know it');
    return { content: await adapter(context), skipped: false, ended: false };
  }

  private contextOf(
    thread: KernelThread,
    operation: ResolvedOperation,
    onBlocked: (where: string) => void,
  ): OperationContext {
    const { index } = thread;
    return new OperationContext(
      this.run.world,
      operation,
      this.run.processOf(thread),
      index,
      (command, patience) => this.run.setting.agent.execute(index, command, onBlocked, patience),
    );
  }
}
