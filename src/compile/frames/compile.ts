import type { Machine } from '../../machine/machine.ts';
import { BLOCKED } from '../../machine/primitive.ts';
import { lockEffectOf } from '../dialect/lockPrimitives.ts';
import { plainText } from '../link/plain.ts';
import type { Selection } from '../link/selection.ts';
import { isPure } from './effects.ts';
import type { Block, Graph, GraphStep } from './graph.ts';
import { findLiveness, type Liveness } from './liveness.ts';
import { lower } from './lower.ts';
import { localName, printExpression } from './printExpression.ts';
import { DONE, type Frame, type FrameInstance, type FrameProgram, PC, type StepPoint } from './program.ts';
import { type Layout, printRegion, type Region } from './region.ts';
import { simplify } from './simplify.ts';
import { assignSlots, liveAt } from './slots.ts';

export interface FrameOptions {
  /**
   * Words that hold no live local are 0, so that frames that differ in nothing that matters are equal; `true`
   * unless given. Without it outcomes stay the same and states multiply.
   */
  readonly zeroing?: boolean;
}

/**
 * Compiles one kernel function, with all that it calls, to frames.
 * @throws {Error} if it names what does not exist, is recursive, or grows beyond the budget of program counters
 */
export function compileFrames(selection: Selection, entry: string, options: FrameOptions = {}): FrameProgram {
  const graph = simplify(lower(selection, entry));
  const live = findLiveness(graph, (value) => isPure(selection, value));
  const stops = graph.blocks.filter((block) => block.step !== undefined);
  const layout = layOut(graph, live, stops, options.zeroing ?? true);
  const first = printRegion(graph.entry, layout, graph.parameters);
  const regions = stops.map((block) => printRegion(block, layout));
  const instantiate = assemble(selection, graph, stops, layout, first, regions);
  const declaration = selection.callables.get(entry)?.declaration;
  return {
    entry,
    parameters: declaration?.parameters.map(({ name }) => name) ?? [],
    words: wordsOf(stops, layout),
    points: [undefined, ...stops.map((block, index) => pointOf(graph, layout, block, regions[index]))],
    first: first.successors,
    instantiate,
  };
}

function layOut(graph: Graph, live: Liveness, stops: readonly Block[], zeroing: boolean): Layout {
  const slots = assignSlots(graph, live);
  const pcs = new Map(stops.map((block, index) => [block, index + 1]));
  const kept = new Map(
    stops.map((block) => [
      block,
      liveAt(live, block).map((local) => ({ local, word: slots.get(local) ?? 0 })),
    ]),
  );
  return { pcOf: (block) => pcs.get(block) ?? DONE, liveAt: (block) => kept.get(block) ?? [], zeroing };
}

function wordsOf(stops: readonly Block[], layout: Layout): number {
  return stops.reduce(
    (most, block) => layout.liveAt(block).reduce((top, { word }) => Math.max(top, word + 1), most),
    2,
  );
}

function pointOf(
  graph: Graph,
  layout: Layout,
  block: Block,
  region: Region | undefined,
): StepPoint | undefined {
  const { step } = block;
  if (step === undefined || region === undefined) return undefined;
  return {
    pc: layout.pcOf(block),
    primitive: step.primitive,
    kind: step.kind,
    fields: step.arguments.flatMap((argument) =>
      argument.kind === 'field' ? [{ struct: argument.struct, field: argument.field }] : [],
    ),
    lock: lockEffectOf(step.primitive),
    resultUsed: step.result !== undefined,
    successors: region.successors,
    chain: step.chain,
    locals: layout.liveAt(block).flatMap(({ local, word }) => {
      const { name = '(result)', function: of = '' } = graph.locals[local] ?? {};
      return [{ word, name, function: of }];
    }),
  };
}

/** Prints and compiles the program: one small function a program counter, dispatched through an array. */
function assemble(
  selection: Selection,
  graph: Graph,
  stops: readonly Block[],
  layout: Layout,
  first: Region,
  regions: readonly Region[],
): (machine: Machine) => FrameInstance {
  const { structs, steps } = selection.scope;
  const helpers = [...selection.callables.values()].filter(
    ({ declaration }) => declaration.kind === 'helper',
  );
  const code = [
    '"use strict";',
    'return function (machine) {',
    ...[...structs.keys()].map((name) => `const ${name} = machine.memory.named("${name}");`),
    ...[...steps.keys()].map((name) => `const $${name} = $step("${name}");`),
    'const $machine = machine;',
    ...localFunctions(selection),
    ...helpers.map((helper) => plainText(selection, helper)),
    `return {`,
    `start: function (${['f', ...graph.parameters.map(localName)].join(', ')}) { f.fill(0); ${first.body} },`,
    'steps: [undefined,',
    ...regions.map(({ body }) => `function (f) { ${body} },`),
    '], pending: [undefined,',
    ...stops.map((block) => `${printPending(block, layout)},`),
    ']};',
    '};',
  ].join('\n');
  const step = (name: string): unknown => steps.get(name)?.step;
  const bind = new Function('$step', '$BLOCKED', '$coverage', code)(step, BLOCKED, selection.coverage) as (
    machine: Machine,
  ) => Bound;
  return (machine) => instanceOf(bind(machine));
}

/** What the code calls without a step besides helpers: functions on the calling thread's machine. */
function localFunctions({ scope }: Selection): string[] {
  return [...scope.steps]
    .filter(([, { kind }]) => kind === 'local')
    .map(([name]) => `const ${name} = (...args) => $${name}(machine, ...args);`);
}

interface Bound {
  readonly start: (frame: Frame, ...args: readonly number[]) => void;
  readonly steps: readonly ((frame: Frame) => boolean)[];
  readonly pending: readonly ((frame: Frame) => readonly unknown[])[];
}

function instanceOf({ start, steps, pending }: Bound): FrameInstance {
  return {
    start,
    step: (frame) => {
      const step = steps[frame[PC] ?? DONE];
      if (step === undefined) throw new Error('a frame that is done cannot step');
      return step(frame);
    },
    pending: (frame) => pending[frame[PC] ?? DONE]?.(frame) ?? [],
  };
}

/** A function that gives the arguments of a block's step. */
function printPending(block: Block, layout: Layout): string {
  const { arguments: args } = block.step as GraphStep;
  const loads = layout.liveAt(block).map(({ local, word }) => `${localName(local)} = f[${word}]`);
  const declarations = loads.length > 0 ? `const ${loads.join(', ')}; ` : '';
  return `function (f) { ${declarations}return [${args.map(printExpression).join(', ')}]; }`;
}
