/** A part of a condition that has to hold together with the others. */
export interface Conjunct {
  readonly text: string;
  readonly holds: boolean;
  /** What its terms come to where it does not hold. */
  readonly values: Readonly<Record<string, number | null>>;
}

/** An end, measured by a condition. */
export interface MeasuredEnd {
  readonly conjuncts: readonly Conjunct[];
  /** Steps of its execution. */
  readonly steps: number;
  readonly replay: string;
}

/** Where a condition has its errors, in words. */
export interface BadCondition {
  readonly error: string;
}

/** How many parts hold. */
export function partsMet({ conjuncts }: MeasuredEnd): number {
  return conjuncts.filter(({ holds }) => holds).length;
}
