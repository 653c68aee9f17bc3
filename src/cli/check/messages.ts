import type { Coverage } from '../../check/index.ts';
import type { CheckedResult, CheckJob } from './job.ts';

export type ToWorker = { readonly kind: 'job'; readonly job: CheckJob } | { readonly kind: 'stop' };

export type FromWorker =
  | { readonly kind: 'progress'; readonly coverage: Coverage }
  | { readonly kind: 'result'; readonly result: CheckedResult }
  | { readonly kind: 'failed'; readonly reason: string };
