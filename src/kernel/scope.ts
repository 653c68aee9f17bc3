import { collectScope, type Scope } from '../compile/dialect/scope.ts';
import * as cpus from '../machine/cpus.ts';
import * as access from '../machine/primitives/access.ts';
import * as bytes from '../machine/primitives/bytes.ts';
import * as locks from '../machine/primitives/locks.ts';
import * as own from '../machine/primitives/own.ts';
import * as readers from '../machine/primitives/readers.ts';
import * as tlb from '../machine/primitives/tlb.ts';
import * as waits from '../machine/primitives/waits.ts';
import * as dax from './state/dax.ts';
import * as gather from './state/gather.ts';
import * as holder from './state/holder.ts';
import * as mapleTree from './state/maple_tree.ts';
import * as memmap from './state/memmap.ts';
import * as mm from './state/mm.ts';
import * as page from './state/page.ts';
import * as pgtable from './state/pgtable.ts';
import * as slots from './state/slots.ts';
import * as tables from './state/tables.ts';

/** Everything that kernel functions may name besides each other: primitives, structs, the state's constants. */
export const kernelScope: Scope = collectScope([
  ...[access, bytes, locks, own, readers, tlb, waits, cpus],
  ...[dax, gather, holder, mapleTree, memmap, mm, page, pgtable, slots, tables],
]);
