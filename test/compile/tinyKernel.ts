import { collectScope } from '../../src/compile/dialect/scope.ts';
import type { DialectProgram } from '../../src/compile/link/selection.ts';
import { readSources } from '../../src/compile/reader/readFile.ts';
import { defineStruct, type Struct } from '../../src/machine/field.ts';
import type { Machine } from '../../src/machine/machine.ts';
import * as access from '../../src/machine/primitives/access.ts';
import * as locks from '../../src/machine/primitives/locks.ts';
import * as own from '../../src/machine/primitives/own.ts';
import * as waits from '../../src/machine/primitives/waits.ts';
import { SlabMemory } from '../../src/machine/slabMemory.ts';

/** A struct that only the tests of the compiler know. */
export const cell: Struct<number, 'value' | 'lock' | 'wide'> = defineStruct<
  number,
  'value' | 'lock' | 'wide'
>(
  'cell',
  { doc: 'a shared word of a test' },
  {
    value: { doc: 'any integer' },
    lock: { doc: 'a spinlock', discipline: 'lock' },
    wide: { doc: 'any integer below 2^53', wide: true },
  },
);

/** A private struct of the tests of the compiler. */
export const scratch: Struct<number, 'value'> = defineStruct<number, 'value'>(
  'scratch',
  { doc: 'a private word of a test', private: true },
  { value: { doc: 'any integer', wide: true } },
);

export const testScope = collectScope([access, locks, own, waits, { cell, scratch }]);

/** Kernel sources by path; a path without a folder lies in `common/`. */
export function programOf(sources: Readonly<Record<string, string>>): DialectProgram {
  const { files, refusals } = readSources(
    Object.entries(sources).map(([path, text]) => ({
      path: path.includes('/') ? path : `common/${path}`,
      text,
    })),
  );
  if (refusals.length > 0) throw new Error(JSON.stringify(refusals));
  return { files, scope: testScope };
}

/** A machine with nothing in it, and the warnings that its kernel gave. */
export function emptyMachine(cpus = 4): Machine & { readonly warnings: string[] } {
  const warnings: string[] = [];
  return {
    memory: new SlabMemory(),
    cpus,
    cpu: 0,
    observer: { warning: (_cpu, text) => warnings.push(text), translated: () => {} },
    warnings,
  };
}
