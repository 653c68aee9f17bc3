import type { Coverage } from '../../check/index.ts';
import type { TestResult } from '../../litmus/output/index.ts';
import type { CheckJob } from './job.ts';

export type ToWorker = { readonly kind: 'job'; readonly job: CheckJob } | { readonly kind: 'stop' };

export type FromWorker =
  | { readonly kind: 'progress'; readonly coverage: Coverage }
  | { readonly kind: 'result'; readonly result: TestResult }
  | { readonly kind: 'failed'; readonly reason: string };
