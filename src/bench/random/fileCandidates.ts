import { byteCount } from '../../litmus/format/byteCount.ts';
import { type Candidate, PAGE, PMD } from './choices.ts';
import type { Draft } from './draft.ts';

const NAMES = ['a', 'b'];
const MODES = ['punch', 'zero', 'allocate', 'allocate', 'collapse', 'insert'];

/** Opens a file, mostly a new one of a few pages. */
export function openFile(draft: Draft): void {
  const { choices, setting } = draft;
  const size = setting.isHuge ? PMD : PAGE * (1 + choices.below(4));
  const made = choices.chance(85) ? ', create' : '';
  const sized = choices.chance(80) ? `, size=${byteCount(size)}` : '';
  draft.hold('files', draft.call(`open(d, "${choices.pick(NAMES)}"${made}${sized})`, 'f'));
}

/** What is done to files by their descriptors and names. */
export function fileCandidates(draft: Draft): Candidate[] {
  const { choices, setting } = draft;
  if (setting.isDevice || draft.held.files.length === 0) return [];
  const file = (): string => choices.pick(draft.held.files);
  const place = (): string => `${byteCount(draft.offset())}, ${byteCount(draft.length())}`;
  const call = (weight: number, text: () => string): Candidate => ({
    weight,
    write: () => draft.call(text()),
  });
  const allocation = (): string => {
    const keeps = choices.chance(30) ? ', keep_size' : '';
    return `mode=${choices.pick(MODES)}, offset=${byteCount(draft.offset())}, length=${byteCount(draft.length())}${keeps}`;
  };
  const candidates = [
    call(
      3,
      () =>
        `ftruncate(${file()}, ${byteCount(choices.pick([0, 1, PAGE, PAGE, 2 * PAGE, 5000, 5 * PAGE, PMD]))})`,
    ),
    call(4, () => `punch(${file()}, ${place()})`),
    call(3, () => `fallocate(${file()}, ${allocation()})`),
    call(3, () => `${choices.pick(['fsync', 'fdatasync'])}(${file()})`),
    call(3, () => `read(${file()}, ${byteCount(draft.offset())})`),
    call(3, () => `write(${file()}, ${byteCount(draft.offset())}, ${choices.below(250)})`),
    call(setting.reflinks, () => `reflink(${file()}, ${file()})`),
    call(1, () => `unlink(d, "${choices.pick(NAMES)}")`),
  ];
  if (draft.isChild) return candidates;
  return [...candidates, { weight: 2, write: () => openFile(draft) }, call(1, () => `close(${file()})`)];
}
