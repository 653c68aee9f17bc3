import { expose, transfer } from 'comlink';
import { buffersOf } from '../recording/wordLog.ts';
import { executeRun } from './executeRun.ts';
import type { RunAnswer, RunRequest } from './requests.ts';

const api = {
  async run(request: RunRequest): Promise<RunAnswer> {
    const answer = await executeRun(request);
    if ('error' in answer) return answer;
    const logs = [answer.devmap, answer.refcount].flatMap(({ initial, changes }) => [initial, changes]);
    return transfer(answer, logs.flatMap(buffersOf) as ArrayBuffer[]);
  },
};

export type RunWorker = typeof api;

expose(api);
