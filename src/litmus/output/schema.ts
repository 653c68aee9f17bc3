import * as v from 'valibot';
import { isPropertyName } from '../vocabulary/properties.ts';
import type {
  ConditionResult,
  Outcome,
  OutputDocument,
  PageCounts,
  Pages,
  Statistics,
  Step,
  TestResult,
  TraceEntry,
  UnfinishedOperation,
  Violation,
} from './document.ts';
import { MORE_PAGES } from './pages.ts';

/**
 * The JSON output as schemas. Keys beyond the known ones are allowed, so that an older reader takes a newer
 * document. The compiler holds each schema against its type.
 */

const integer: v.GenericSchema<number> = v.pipe(v.number(), v.safeInteger());
const count: v.GenericSchema<number> = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const line: v.GenericSchema<number> = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const scheme: v.GenericSchema<'devmap' | 'refcount'> = v.picklist(['devmap', 'refcount']);

export const pageCountsSchema: v.GenericSchema<PageCounts> = v.object({
  refcount: integer,
  mapcount: integer,
  pincount: integer,
  order: integer,
});

export const pagesSchema: v.GenericSchema<Pages> = v.pipe(
  v.record(v.string(), v.union([pageCountsSchema, count])),
  v.check(
    (pages) =>
      Object.entries(pages).every(([key, value]) => (typeof value === 'number') === (key === MORE_PAGES)),
    `only '${MORE_PAGES}' is a number, and it is one`,
  ),
);

export const stepSchema: v.GenericSchema<Step> = v.object({
  process: v.string(),
  thread: v.string(),
  op: v.string(),
  text: v.string(),
  line,
  result: v.nullable(integer),
  errno: v.nullable(v.string()),
  signal: v.nullable(v.string()),
  skipped: v.boolean(),
  pages: pagesSchema,
  backs: v.exactOptional(v.record(v.string(), v.string())),
  overlaps: v.exactOptional(v.literal(true)),
  gone: v.exactOptional(v.array(v.string())),
});

export const unfinishedOperationSchema: v.GenericSchema<UnfinishedOperation> = v.object({
  process: v.string(),
  thread: v.string(),
  text: v.string(),
  line,
  waitsFor: v.nullable(v.string()),
});

export const outcomeSchema: v.GenericSchema<Outcome> = v.object({
  registers: v.record(v.string(), v.nullable(integer)),
  pages: pagesSchema,
  replay: v.string(),
});

export const conditionResultSchema: v.GenericSchema<ConditionResult> = v.object({
  kind: v.picklist(['assert', 'always', 'finally', 'exists', 'never', 'hazard']),
  text: v.string(),
  line,
  holds: v.boolean(),
  judged: v.exactOptional(v.literal(false)),
  values: v.exactOptional(v.record(v.string(), v.nullable(integer))),
  replay: v.exactOptional(v.string()),
});

const changedValue: v.GenericSchema<number | string | boolean | null> = v.union([
  v.number(),
  v.string(),
  v.boolean(),
  v.null(),
]);

export const traceEntrySchema: v.GenericSchema<TraceEntry> = v.object({
  thread: v.string(),
  function: v.string(),
  file: v.string(),
  line: count,
  reads: v.exactOptional(v.record(v.string(), changedValue)),
  changes: v.record(v.string(), v.tuple([changedValue, changedValue])),
});

export const violationSchema: v.GenericSchema<Violation> = v.object({
  property: v.custom<Violation['property']>(
    (input) => typeof input === 'string' && isPropertyName(input),
    'not a property',
  ),
  message: v.string(),
  page: v.nullable(v.string()),
  actors: v.array(v.string()),
  trace: v.array(traceEntrySchema),
  replay: v.exactOptional(v.string()),
});

export const statisticsSchema: v.GenericSchema<Statistics> = v.object({
  executions: count,
  states: count,
  transitions: count,
  seconds: v.pipe(v.number(), v.minValue(0)),
  peakBytes: count,
  complete: v.boolean(),
});

export const testResultSchema: v.GenericSchema<TestResult> = v.object({
  file: v.string(),
  name: v.string(),
  scheme,
  source: v.custom<TestResult['source']>(
    (input) => typeof input === 'string' && /^(?:model|kernel \S.*)$/.test(input),
    "neither 'model' nor 'kernel RELEASE'",
  ),
  verdict: v.picklist(['ok', 'violated', 'error', 'incomplete']),
  steps: v.array(stepSchema),
  unfinished: v.exactOptional(v.array(unfinishedOperationSchema)),
  replay: v.exactOptional(v.string()),
  outcomes: v.exactOptional(v.array(outcomeSchema)),
  error: v.exactOptional(v.string()),
  conditions: v.array(conditionResultSchema),
  violations: v.array(violationSchema),
  stats: statisticsSchema,
});

export const documentSchema: v.GenericSchema<OutputDocument> = v.object({
  tool: v.string(),
  version: v.string(),
  schemaVersion: v.literal(1),
  verb: v.string(),
  results: v.array(testResultSchema),
});
