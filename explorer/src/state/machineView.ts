import {
  VM_EXEC,
  VM_LOCKED,
  VM_READ,
  VM_SHARED,
  VM_WRITE,
} from '../../../src/kernel/common/include/vm_flags.ts';
import { dev_dax, dev_pagemap } from '../../../src/kernel/state/dax.ts';
import { file, vm_area_struct } from '../../../src/kernel/state/mm.ts';
import { SLOTS_VMA, slots } from '../../../src/kernel/state/slots.ts';
import { cpu, TLB_STRIDE, tlb } from '../../../src/machine/cpus.ts';
import { byteAt, device_bytes } from '../../../src/machine/primitives/bytes.ts';
import { flagNames, frameOf } from '../../../src/run/observe/entry.ts';
import { FileMap } from '../../../src/run/observe/fileMap.ts';
import type { Unit } from '../../../src/run/observe/layout.ts';
import { process } from '../../../src/run/state/process.ts';
import type { HeldLock, RecordedFinding, WaitingThread } from '../recording/recording.ts';
import type { Replica } from '../recording/replica.ts';
import { addressName, hexadecimal } from './addresses.ts';
import { type FileView, fileViews } from './fileViews.ts';
import { mappingName, type PageCard, pageCards } from './pageCards.ts';
import { pageTables, type TableTree } from './pageTables.ts';

/** A line of a table: stable key, what it is called, what is to be said. */
export interface Fact {
  readonly key: string;
  readonly name: string;
  readonly text: string;
}

/** Everything the page shows of one machine in one state. */
export interface MachineView {
  readonly pages: readonly PageCard[];
  /** Files by device; none where no device has a file system. */
  readonly files: readonly FileView[];
  readonly trees: readonly TableTree[];
  readonly mappings: readonly Fact[];
  readonly translations: readonly Fact[];
  readonly pgmaps: readonly Fact[];
  readonly bytes: readonly Fact[];
  readonly locks: readonly HeldLock[];
  readonly waits: readonly WaitingThread[];
  /** Properties broken up to here. */
  readonly findings: readonly RecordedFinding[];
}

/** What a replica shows where it stands. */
export function machineView(replica: Replica, units: readonly Unit[]): MachineView {
  const { program, memory, layout, knowledge, recording, stepsTaken } = replica;
  return {
    pages: pageCards(replica, units),
    files: fileViews(replica),
    trees: pageTables(program, memory, layout),
    mappings: mappingFacts(replica),
    translations: translationFacts(replica),
    pgmaps: pgmapFacts(replica),
    bytes: byteFacts(replica),
    locks: knowledge.locks,
    waits: knowledge.waits,
    findings: recording.findings.filter(({ step }) => step < stepsTaken),
  };
}

const PERMISSIONS: readonly (readonly [flag: number, letter: string])[] = [
  [VM_READ, 'r'],
  [VM_WRITE, 'w'],
  [VM_EXEC, 'x'],
];

function mappingFacts({ program, memory, layout }: Replica): Fact[] {
  const { vm_mm, vm_start, vm_end, vm_pgoff, vm_flags, vm_file, attached } = memory.of(vm_area_struct);
  const mappings = memory.of(file).f_mapping;
  const owners = memory.of(process).mm;
  const files = new FileMap(memory, layout);
  const facts: Fact[] = [];
  for (let vma = 1; vma <= memory.of(slots).highest.get(SLOTS_VMA); vma++) {
    const mm = vm_mm.get(vma);
    if (mm === 0) continue;
    const owner = program.processes.find(({ index }) => owners.get(index) === mm);
    const flags = vm_flags.get(vma);
    const mapped = mappingName(program, files, mappings.get(vm_file.get(vma))) ?? 'nothing';
    const letters = PERMISSIONS.map(([flag, letter]) => ((flags & flag) !== 0 ? letter : '-')).join('');
    const first = vm_pgoff.get(vma);
    const pages = vm_end.get(vma) - vm_start.get(vma);
    const name =
      owner === undefined
        ? hexadecimal(vm_start.get(vma))
        : `${owner.name}.${addressName(program, memory, owner.index, vm_start.get(vma))}`;
    const extras = [
      (flags & VM_SHARED) !== 0 ? 'shared' : 'private',
      ...((flags & VM_LOCKED) !== 0 ? ['locked'] : []),
      ...(attached.get(vma) === 0 ? ['not in the tree'] : []),
    ];
    const range = pages === 1 ? `${mapped}[${first}]` : `${mapped}[${first}…${first + pages - 1}]`;
    facts.push({ key: `${vma}`, name, text: `${range} ${letters} ${extras.join(' ')}` });
  }
  return facts;
}

function translationFacts({ program, memory, layout, recording }: Replica): Fact[] {
  const { entry } = memory.of(tlb);
  const spaces = memory.of(cpu).address_space;
  const owners = memory.of(process).mm;
  return memory.touchedIn(tlb, 0, Number.MAX_SAFE_INTEGER).flatMap((slot): Fact[] => {
    const value = entry.get(slot);
    if (value === 0) return [];
    const thread = Math.floor(slot / TLB_STRIDE);
    const owner = program.processes.find(({ index }) => owners.get(index) === spaces.get(thread));
    const address = slot % TLB_STRIDE;
    const where =
      owner === undefined ? hexadecimal(address) : addressName(program, memory, owner.index, address);
    const access = flagNames(value).filter((flag) => flag === 'rw' || flag === 'dirty');
    return [
      {
        key: `${slot}`,
        name: `CPU of ${recording.threads[thread] ?? thread}`,
        text: [`${where} → ${layout.nameOf(frameOf(value))}`, ...access].join(' '),
      },
    ];
  });
}

function pgmapFacts({ memory, layout, knowledge }: Replica): Fact[] {
  const { dying, memmap, ref } = memory.of(dev_pagemap);
  const { bound } = memory.of(dev_dax);
  return layout.extents.map(({ device, name }) => {
    const held = knowledge.pgmapReferences[device] ?? 0;
    const state = [
      bound.get(device) !== 0 ? 'driver bound' : 'no driver',
      memmap.get(device) !== 0 ? 'struct pages there' : 'no struct pages',
      ...(dying.get(device) !== 0 ? ['dying'] : []),
      `ref ${ref.get(device)}`,
    ];
    const references = held === 1 ? '1 reference held' : `${held} references held`;
    return { key: name, name: `${name}.pgmap`, text: `${references} · ${state.join(' · ')}` };
  });
}

function byteFacts({ memory, layout }: Replica): Fact[] {
  const { value } = memory.of(device_bytes);
  return memory.touchedIn(device_bytes, 0, Number.MAX_SAFE_INTEGER).flatMap((index): Fact[] => {
    const byte = value.get(index);
    if (byte === 0) return [];
    const offset = Math.floor(index / byteAt(0, 1));
    const name = layout.nameOf(index - byteAt(0, offset));
    return [{ key: `${index}`, name: `${name} byte ${offset}`, text: `${byte}` }];
  });
}
