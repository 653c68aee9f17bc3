import { bugsVerb } from './bugs.ts';
import { checkVerb } from './check.ts';
import { exploreVerb } from './explore.ts';
import { fmtVerb } from './fmt.ts';
import { kernelVerb } from './kernel.ts';
import { listVerb } from './list.ts';
import { runVerb } from './run.ts';
import type { Verb } from './verb.ts';

/** The verbs, in the order of the help text. */
export const verbs: readonly Verb[] = [
  runVerb,
  checkVerb,
  fmtVerb,
  listVerb,
  bugsVerb,
  kernelVerb,
  exploreVerb,
];
