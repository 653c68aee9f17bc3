import { byteCount } from '../../litmus/format/byteCount.ts';
import { type Choices, PAGE, PMD } from './choices.ts';
import type { Setting } from './kinds.ts';

/** What the names of registers stand for. */
type Held = 'files' | 'pins' | 'gets' | 'pipes' | 'rings' | 'requests';

/** A test that is being written: its lines, and what its registers hold, as far as that can be known before it runs. */
export class Draft {
  readonly lines: string[] = [];
  /** Each mapping's bytes. */
  readonly mappings: Map<string, number> = new Map();
  readonly held: Record<Held, string[]> = {
    files: [],
    pins: [],
    gets: [],
    pipes: [],
    rings: [],
    requests: [],
  };
  /** The mappings of its parent, while the text of a child is written; the parent does not have those that the child makes. */
  ofParent: readonly string[] | undefined;
  private names = 0;

  readonly choices: Choices;
  readonly setting: Setting;

  constructor(choices: Choices, setting: Setting) {
    this.choices = choices;
    this.setting = setting;
  }

  get isChild(): boolean {
    return this.ofParent !== undefined;
  }

  /** An operation, whose result goes to a register of its own; the register's name. */
  call(text: string, letter = 'r'): string {
    const name = `${letter}${this.names++}`;
    this.line(`${name} = ${text}`);
    return name;
  }

  line(text: string): void {
    this.lines.push(`${this.isChild ? '    ' : '  '}${text}`);
  }

  /** Notes that a register holds something from now on. */
  hold(what: Held, name: string): void {
    if (!this.isChild) this.held[what].push(name);
  }

  /** One of the mappings. */
  mapping(): string {
    return this.choices.pick([...this.mappings.keys()]);
  }

  /** One of the files, or the device where it has none. */
  target(): string {
    return this.setting.isDevice ? 'd' : this.choices.pick(this.held.files);
  }

  /** Bytes, mostly of whole entries. */
  length(): number {
    const { choices, setting } = this;
    if (setting.isHuge && choices.chance(50)) return PMD;
    if (choices.chance(setting.isDevice ? 75 : 85))
      return setting.isDevice ? setting.unit * (1 + choices.below(2)) : PAGE * (1 + choices.below(4));
    return choices.pick([1, 100, 4095, 4097, setting.unit + 1, PAGE * 3, 0]);
  }

  /** Where something begins, mostly an entry's first byte. */
  offset(): number {
    const { choices, setting } = this;
    if (choices.chance(50)) return 0;
    const unit = setting.isHuge && choices.chance(30) ? PMD : choices.chance(70) ? setting.unit : PAGE;
    return choices.chance(80) ? unit * choices.below(4) : choices.pick([1, 8, 4095, 4113]);
  }

  /** `m, 4097`: an address in one of the mappings. */
  address(name: string = this.mapping()): string {
    const bytes = this.mappings.get(name) ?? PAGE;
    const offset = this.offset();
    return `${name}, ${byteCount(offset < bytes ? offset : bytes - 1)}`;
  }

  /** Offset and length of a range that lies in a mapping. */
  rangeIn(name: string): [offset: string, length: string] {
    const bytes = this.mappings.get(name) ?? PAGE;
    const wished = this.offset();
    const offset = wished < bytes ? wished : 0;
    return [byteCount(offset), byteCount(Math.min(this.length(), bytes - offset))];
  }

  /** `m, 4K, 8K`: a range of one of the mappings. */
  range(): string {
    const name = this.mapping();
    return [name, ...this.rangeIn(name)].join(', ');
  }
}
