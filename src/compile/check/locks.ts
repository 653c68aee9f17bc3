import { type LockEffect, lockEffectOf } from '../dialect/lockPrimitives.ts';
import type { Refusal } from '../dialect/refusal.ts';
import type { Expression } from '../dialect/tree.ts';
import type { Block, Graph, GraphStep } from '../frames/graph.ts';
import { findLiveness, type Liveness } from '../frames/liveness.ts';
import { lower } from '../frames/lower.ts';
import { localName, printExpression } from '../frames/printExpression.ts';
import { simplify } from '../frames/simplify.ts';
import type { Selection } from '../link/selection.ts';
import {
  assigned,
  commonFacts,
  contradict,
  decide,
  type Fact,
  type Facts,
  factOf,
  factsAbout,
  learn,
} from './facts.ts';

/** Locks of one kind that an operation may hold at a time; more are a loop that takes and never drops. */
const NESTING_LIMIT = 4;

interface Held {
  readonly lock: string;
  /** The index as an expression over locals; `?` once one of them has changed. */
  readonly index: string;
  readonly shared: boolean;
}

/** The ways to a block on which the same locks are held: the locks, and what is known of locals on all of them. */
interface Way {
  readonly held: readonly Held[];
  readonly facts: Facts;
}

/**
 * Locks of one operation: that it takes none twice, drops none that it does not hold, ends holding none, and holds
 * the same ones wherever paths meet, unless a local tells there which path it was. A path is known by the constants that functions return on it; what a function
 * returns that elsewhere returns a plain 0 is taken to be something else than 0.
 */
export function checkLocks(selection: Selection, entry: string): Refusal[] {
  const graph = simplify(lower(selection, entry));
  return new LockChecker(
    graph,
    findLiveness(graph, () => false),
    entry,
  ).check();
}

class LockChecker {
  private readonly graph: Graph;
  private readonly live: Liveness;
  private readonly entry: string;
  private readonly refusals = new Map<string, Refusal>();
  private readonly ways = new Map<Block, Map<string, Way>>();
  private readonly pending: { readonly block: Block; readonly way: Way }[] = [];
  private place: { readonly file: string; readonly line: number } = { file: '', line: 0 };

  constructor(graph: Graph, live: Liveness, entry: string) {
    this.graph = graph;
    this.live = live;
    this.entry = entry;
  }

  check(): Refusal[] {
    this.arrive(this.graph.entry, { held: [], facts: new Map() });
    for (let next = this.pending.pop(); next !== undefined; next = this.pending.pop()) {
      this.pass(next.block, next.way);
    }
    for (const [block, ways] of this.ways)
      if (block.step !== undefined) this.compare(block.step, [...ways.values()]);
    return [...this.refusals.values()];
  }

  private refuse(message: string): void {
    const refusal = { ...this.place, message };
    this.refusals.set(`${refusal.file}:${refusal.line}: ${message}`, refusal);
  }

  /** Ways that hold the same locks go on as one, which knows what all of them know. */
  private arrive(block: Block, way: Way): void {
    const ways = this.ways.get(block) ?? new Map<string, Way>();
    this.ways.set(block, ways);
    const locks = describe(way.held);
    const before = ways.get(locks);
    const live = this.live.get(block);
    const merged: Way =
      before === undefined
        ? { held: way.held, facts: factsAbout(way.facts, (local) => live?.has(local) === true) }
        : { held: commonIndices(before.held, way.held), facts: commonFacts(before.facts, way.facts) };
    if (before !== undefined && before.held === merged.held && before.facts === merged.facts) return;
    ways.set(locks, merged);
    this.pending.push({ block, way: merged });
  }

  private pass(block: Block, way: Way): void {
    for (const after of this.step(block.step, way)) {
      let { held, facts } = after;
      for (const { target, value, something } of block.code) {
        if (target === undefined) continue;
        const fact = factOfValue(value, facts) ?? (something ? 'not 0' : undefined);
        held = forgetLocal(held, target);
        facts = assigned(target, fact, facts);
      }
      this.leave(block, { held, facts });
    }
  }

  private leave(block: Block, way: Way): void {
    const { exit } = block;
    if (exit.kind === 'end') {
      for (const { lock } of way.held) this.refuse(`${this.entry} ends holding lock ${lock}`);
    } else if (exit.kind === 'jump') this.arrive(exit.to, way);
    else {
      const outcome = decide(exit.test, way.facts);
      for (const [taken, to] of [
        [true, exit.whenTrue],
        [false, exit.whenFalse],
      ] as const) {
        if (outcome === undefined || outcome === taken) {
          this.arrive(to, { held: way.held, facts: learn(exit.test, taken, way.facts) });
        }
      }
    }
  }

  /** What a block's step does to a way to it: a lock that is tried goes on as two ways. */
  private step(step: GraphStep | undefined, way: Way): Way[] {
    if (step === undefined) return [way];
    const site = step.chain.at(-1);
    if (site !== undefined) this.place = { file: site.file, line: site.line };
    const [field, index] = step.arguments;
    const effect = lockEffectOf(step.primitive);
    const { result } = step;
    const known = (held: readonly Held[], fact: Fact | undefined): Way =>
      result === undefined
        ? { held, facts: way.facts }
        : { held: forgetLocal(held, result), facts: assigned(result, fact, way.facts) };
    if (effect === undefined || field?.kind !== 'field' || index === undefined)
      return [known(way.held, undefined)];
    const lock = { lock: `${field.struct}.${field.field}`, index: printExpression(index) };
    if (effect === 'try' || effect === 'try-share') {
      const taken = [...way.held, { ...lock, shared: effect === 'try-share' }];
      return result === undefined ? [known(way.held, undefined)] : [known(way.held, 0), known(taken, 1)];
    }
    return [known(this.afterEffect(effect, lock, way.held), undefined)];
  }

  private afterEffect(
    effect: Exclude<LockEffect, 'try' | 'try-share'>,
    { lock, index }: Omit<Held, 'shared'>,
    held: readonly Held[],
  ): readonly Held[] {
    const same = held.filter((other) => other.lock === lock);
    const exact = same.find((other) => other.index === index);
    if (effect === 'take' || effect === 'share') {
      if (exact !== undefined && index !== '?') this.refuse(`${this.entry} takes lock ${lock} twice`);
      if (same.length >= NESTING_LIMIT) return held;
      return [...held, { lock, index, shared: effect === 'share' }];
    }
    const dropped = exact ?? same.at(-1);
    if (dropped === undefined) {
      this.refuse(`${this.entry} drops lock ${lock}, which it does not hold`);
      return held;
    }
    const rest = held.filter((other) => other !== dropped);
    return effect === 'downgrade' ? [...rest, { ...dropped, shared: true }] : rest;
  }

  private compare(step: GraphStep, ways: readonly Way[]): void {
    const sets = new Set<string>();
    for (const one of ways) {
      for (const other of ways) {
        if (describe(one.held) === describe(other.held) || contradict(one.facts, other.facts)) continue;
        sets.add(describe(one.held)).add(describe(other.held));
      }
    }
    if (sets.size === 0) return;
    const site = step.chain.at(-1);
    if (site !== undefined) this.place = { file: site.file, line: site.line };
    this.refuse(`locks held differ by path (${[...sets].sort().join(' or ')})`);
  }
}

/** The same locks, where an index that both ways do not agree on is unknown. */
function commonIndices(one: readonly Held[], other: readonly Held[]): readonly Held[] {
  const left = [...other];
  const merged = one.map((lock) => {
    const exact = left.findIndex(({ lock: name, index }) => name === lock.lock && index === lock.index);
    const at = exact === -1 ? left.findIndex(({ lock: name }) => name === lock.lock) : exact;
    const [match] = left.splice(at, 1);
    return match === undefined || match.index === lock.index ? lock : { ...lock, index: '?' };
  });
  return merged.every((lock, at) => lock.index === one[at]?.index) ? one : merged;
}

function describe(held: readonly Held[]): string {
  return `{${held
    .map(({ lock, shared }) => (shared ? `${lock} shared` : lock))
    .sort()
    .join(', ')}}`;
}

/** A lock whose index was computed from a local that changes is known by its field alone. */
function forgetLocal(held: readonly Held[], local: number): readonly Held[] {
  const name = new RegExp(`\\b${localName(local)}\\b`);
  return held.some(({ index }) => name.test(index))
    ? held.map((lock) => (name.test(lock.index) ? { ...lock, index: '?' } : lock))
    : held;
}

function factOfValue(value: Expression, facts: Facts): Fact | undefined {
  if (value.kind === 'number') return value.value;
  return value.kind === 'local' ? factOf(value.local, facts) : undefined;
}
