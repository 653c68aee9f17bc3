import { Worker } from 'node:worker_threads';
import type { Coverage } from '../../check/index.ts';
import type { Host } from '../host.ts';
import { type CheckedResult, type CheckJob, runJob } from './job.ts';
import type { FromWorker, ToWorker } from './messages.ts';

export interface PoolWatch {
  /** A search has come further. */
  readonly progress: (job: CheckJob, coverage: Coverage) => void;
  /** A search is over; called in the order of the jobs. */
  readonly done: (job: CheckJob, result: CheckedResult) => void;
}

/** Only JavaScript can be loaded by a thread of its own; from TypeScript, searches run one after the other. */
const IS_BUILT: boolean = import.meta.url.endsWith('.js');

/**
 * Carries out searches, `workers` at a time, each in a thread of its own. What a search finds does not depend on how
 * many run beside it. Begins no more once the user has asked to stop.
 */
export async function runJobs(
  jobs: readonly CheckJob[],
  workers: number,
  host: Host,
  watch: PoolWatch,
): Promise<void> {
  if (workers > 1 && jobs.length > 1 && IS_BUILT) {
    await new Pool(jobs, host, watch).run(Math.min(workers, jobs.length));
  } else {
    await runInTurn(jobs, host, watch);
  }
}

async function runInTurn(jobs: readonly CheckJob[], host: Host, watch: PoolWatch): Promise<void> {
  for (const job of jobs) {
    if (host.isInterrupted) break;
    const result = await runJob(job, {
      isInterrupted: () => host.isInterrupted,
      breathe: () => host.breathe(),
      progress: (coverage) => watch.progress(job, coverage),
    });
    watch.done(job, result);
    await host.breathe();
  }
}

class Pool {
  private readonly jobs: readonly CheckJob[];
  private readonly host: Host;
  private readonly watch: PoolWatch;
  private readonly results: (CheckedResult | undefined)[] = [];
  private begun = 0;
  private told = 0;

  constructor(jobs: readonly CheckJob[], host: Host, watch: PoolWatch) {
    this.jobs = jobs;
    this.host = host;
    this.watch = watch;
  }

  async run(workers: number): Promise<void> {
    await Promise.all(Array.from({ length: workers }, () => this.work()));
  }

  /** One worker takes jobs as long as there are any. */
  private async work(): Promise<void> {
    const worker = new Worker(new URL('./worker.js', import.meta.url));
    try {
      while (!this.host.isInterrupted) {
        const number = this.begun;
        const job = this.jobs[number];
        if (job === undefined) break;
        this.begun++;
        this.results[number] = await this.carryOut(worker, job);
        this.tell();
      }
    } finally {
      await worker.terminate();
    }
  }

  private carryOut(worker: Worker, job: CheckJob): Promise<CheckedResult> {
    const send = (message: ToWorker): void => worker.postMessage(message);
    return new Promise((resolve, reject) => {
      worker.removeAllListeners();
      worker.on('error', reject);
      worker.on('exit', () =>
        reject(new Error(`a search of ${job.program.fileName} ended without a result`)),
      );
      worker.on('message', (message: FromWorker) => {
        switch (message.kind) {
          case 'progress':
            this.watch.progress(job, message.coverage);
            if (this.host.isInterrupted) send({ kind: 'stop' });
            return;
          case 'result':
            resolve(message.result);
            return;
          case 'failed':
            reject(new Error(message.reason));
        }
      });
      send({ kind: 'job', job });
    });
  }

  /** Tells the results that are complete, in the order of the jobs. */
  private tell(): void {
    for (;;) {
      const job = this.jobs[this.told];
      const result = this.results[this.told];
      if (job === undefined || result === undefined) return;
      this.told++;
      this.watch.done(job, result);
    }
  }
}
