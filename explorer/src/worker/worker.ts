import { expose, transfer } from 'comlink';
import type { Scheme } from '../../../src/litmus/index.ts';
import type { BadCondition, MeasuredEnd } from '../check/measuredEnd.ts';
import { buffersOf } from '../recording/wordLog.ts';
import { executeRun } from './executeRun.ts';
import type { CheckAnswer, CheckProgress, CheckRequest, RunAnswer, RunRequest } from './requests.ts';

/** What the page has done beside itself. The checker is loaded when it is first needed. */
const api = {
  async run(request: RunRequest): Promise<RunAnswer> {
    const answer = await executeRun(request);
    if ('error' in answer) return answer;
    const logs = [answer.devmap, answer.refcount].flatMap(({ initial, changes }) => [initial, changes]);
    return transfer(answer, logs.flatMap(buffersOf) as ArrayBuffer[]);
  },
  async check(
    request: CheckRequest,
    scheme: Scheme,
    tell: (progress: CheckProgress) => void,
  ): Promise<CheckAnswer> {
    const { executeCheck } = await import('./executeCheck.ts');
    return await executeCheck(request, scheme, tell);
  },
  async nearest(
    request: Omit<RunRequest, 'schedules'>,
    scheme: Scheme,
    condition: string,
    replays: readonly string[],
  ): Promise<MeasuredEnd | BadCondition | null> {
    const { executeNearest } = await import('./executeNearest.ts');
    return await executeNearest(request, scheme, condition, replays);
  },
  async stop(): Promise<void> {
    const { stopCheck } = await import('./executeCheck.ts');
    stopCheck();
  },
};

export type WorkerApi = typeof api;

expose(api);
