import { Choices, PAGE } from './choices.ts';
import { Draft } from './draft.ts';
import { fileCandidates, openFile } from './fileCandidates.ts';
import { type Kind, settingOf } from './kinds.ts';
import { mappingCandidates, newMappings } from './mappingCandidates.ts';
import { referenceCandidates } from './referenceCandidates.ts';

/** Entries of each mapping whose bits a test asks for. */
const ENTRIES = [0, 1, 2, 512];
const BITS = ['present', 'rw', 'dirty', 'young', 'soft_dirty', 'special', 'saved_dirty'];

/** The text of a litmus test of one process and its children, which asks for every bit of its first entries. */
export function randomTest(name: string, kind: Kind, seed: number): string {
  const choices = new Choices(seed);
  const draft = new Draft(choices, settingOf(kind, choices));
  if (!draft.setting.isDevice) {
    openFile(draft);
    if (choices.chance(40)) openFile(draft);
  }
  const statements = 6 + choices.below(14);
  for (let number = 0; number < statements; number++) {
    if (draft.mappings.size > 0 && choices.chance(6)) child(draft, number);
    else choices.among(candidatesOf(draft)).write();
  }
  const device = `device d = ${draft.setting.deviceText}`;
  const text = [`process P {`, ...draft.lines, '}'].join('\n');
  return [`DAX ${name}`, device, text, conditions(draft).join('\n')].join('\n\n').trimEnd().concat('\n');
}

function candidatesOf(draft: Draft): ReturnType<typeof newMappings> {
  return [
    ...newMappings(draft),
    ...mappingCandidates(draft),
    ...referenceCandidates(draft),
    ...fileCandidates(draft),
  ];
}

/** A child that does a few things with what it has of its parent. */
function child(draft: Draft, number: number): void {
  const kept = [...draft.mappings];
  draft.line(`fork C${number} {`);
  draft.ofParent = kept.map(([name]) => name);
  for (let left = 1 + draft.choices.below(4); left > 0; left--)
    draft.choices.among(candidatesOf(draft)).write();
  draft.ofParent = undefined;
  draft.line('}');
  draft.mappings.clear();
  for (const [name, bytes] of kept) draft.mappings.set(name, bytes);
}

function conditions(draft: Draft): string[] {
  return [...draft.mappings].flatMap(([name, bytes]) =>
    ENTRIES.filter((entry) => entry < bytes / PAGE).flatMap((entry) => [
      ...BITS.map((bit) => `exists P.${name}.pte[${entry}].${bit} == 1`),
      ...[1, 2].map((level) => `exists P.${name}.pte[${entry}].level == ${level}`),
    ]),
  );
}
