import type { PropertyName, ResolvedAssert, ResolvedCondition } from '../../litmus/index.ts';
import type { BrokenProperty } from '../kernel/stepJudge.ts';
import type { Trace } from '../search/result.ts';
import type { Goal } from './fewestSwitches.ts';
import type { ReplayEnd } from './replay.ts';

/** What a search came across that a result tells, with an execution into it. */
export interface Suspect {
  readonly what:
    | { readonly kind: 'property'; readonly broken: BrokenProperty }
    /** Nothing can happen any more; which property that breaks, a run tells. */
    | { readonly kind: 'stuck' }
    | { readonly kind: 'assert'; readonly assert: ResolvedAssert }
    | { readonly kind: 'condition'; readonly condition: ResolvedCondition };
  readonly trace: Trace;
  readonly end: ReplayEnd;
  /** What an execution with fewer switches would have to come to; null if that cannot be told from a state. */
  readonly goal: Goal | null;
}

/** The properties that a thread can break by not going on. */
export const STUCK_PROPERTIES: readonly PropertyName[] = ['deadlock', 'hang'];
