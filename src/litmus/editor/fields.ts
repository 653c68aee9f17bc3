import { KIND_TEXTS } from '../resolve/kinds.ts';
import type { ProcessDraft } from '../resolve/outline.ts';
import type { Token } from '../syntax/token.ts';
import {
  DEVICE_FIELDS,
  ENTRY_FIELDS,
  FILE_PAGE_FIELDS,
  PAGE_FIELDS,
  PGMAP_FIELDS,
} from '../vocabulary/terms.ts';
import type { Surroundings } from './surroundings.ts';

export type FieldText = readonly [name: string, doc: string];

/** What can follow the `.` that ends `before`, each with a line about it. */
export function fieldsAt(before: readonly Token[], around: Surroundings): readonly FieldText[] {
  const end = before.length - 2;
  const last = before[end];
  if (last?.text === ']') {
    return indexedFields(before[beforeBracket(before, end)], around);
  }
  if (last?.text === 'pgmap') {
    return Object.entries(PGMAP_FIELDS);
  }
  const name = last?.text ?? '';
  if (around.devices.some((device) => device.name === name)) {
    return [...Object.entries(DEVICE_FIELDS), ['pgmap', "the device's pgmap"]];
  }
  const process = around.outline.processes.find((candidate) => candidate.name === name);
  if (process !== undefined) {
    return registerTexts(process);
  }
  return kindOf(name, around) === 'mapping' ? [['pte', 'its page-table entries, by page']] : [];
}

/** Index of the token before the `[` that matches the `]` at `end`. */
function beforeBracket(tokens: readonly Token[], end: number): number {
  let depth = 0;
  for (let index = end; index >= 0; index -= 1) {
    const text = tokens[index]?.text;
    depth += text === ']' ? 1 : 0;
    depth -= text === '[' ? 1 : 0;
    if (depth === 0) {
      return index - 1;
    }
  }
  return -1;
}

function indexedFields(owner: Token | undefined, around: Surroundings): readonly FieldText[] {
  if (owner?.text === 'pte') {
    return Object.entries(ENTRY_FIELDS);
  }
  if (around.devices.some((device) => device.name === owner?.text)) {
    return Object.entries(PAGE_FIELDS);
  }
  return kindOf(owner?.text ?? '', around) === 'file' ? Object.entries(FILE_PAGE_FIELDS) : [];
}

function registerTexts(process: ProcessDraft): readonly FieldText[] {
  return [...process.registers.values()].map(({ name, kind }) => [
    name,
    kind === null ? '' : KIND_TEXTS[kind].noun,
  ]);
}

function kindOf(name: string, { outline, process }: Surroundings): string | null {
  const owners = process === null ? outline.processes : [process, ...outline.processes];
  const owner = owners.find((candidate) => candidate.registers.has(name));
  return owner?.registers.get(name)?.kind ?? null;
}
