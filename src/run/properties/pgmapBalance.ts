/** What is to be known of a device's pgmap. */
export interface PgmapFacts {
  /** Value of its percpu_ref. */
  readonly ref: number;
  /** References that the pgmap keeps itself: 1 and one a compound head, none once they were put. */
  readonly own: number;
  /** Whether teardown began. */
  readonly dying: boolean;
  /** Whether its struct pages exist. */
  readonly memmap: boolean;
}

/** `pgmap-balance`, at any time: nobody drops a reference that is not theirs. Says what is wrong, or null. */
export function pgmapUnderflow(pgmap: PgmapFacts): string | null {
  if (pgmap.ref < 0) return `the pgmap's references fell to ${pgmap.ref}`;
  if (!pgmap.dying && pgmap.memmap && pgmap.ref < pgmap.own) {
    return `the pgmap's references fell to ${pgmap.ref}, below its own ${pgmap.own}`;
  }
  return null;
}

/** `pgmap-balance`, when the struct pages go: nobody refers to the pgmap any more. Says what is wrong, or null. */
export function pgmapTornDown(pgmap: PgmapFacts): string | null {
  return pgmap.ref > 0
    ? `its struct pages were removed while ${pgmap.ref} references on the pgmap were held`
    : null;
}

/** `pgmap-balance`, at a quiescent point: look-ups are over, only its own references are left. Says what is wrong, or null. */
export function pgmapLeft(pgmap: PgmapFacts): string | null {
  const expected = pgmap.memmap && !pgmap.dying ? pgmap.own : 0;
  return pgmap.ref === expected
    ? null
    : `the pgmap has ${pgmap.ref - expected} references left, and nobody holds one`;
}
