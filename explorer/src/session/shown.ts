import { computed, signal } from '@preact/signals';
import type { Unit } from '../../../src/run/observe/layout.ts';
import { type MachineView, machineView } from '../state/machineView.ts';
import { row, rowBefore, run, selection } from './signals.ts';

/** Cards of folios that are shown at first. */
const CARDS_AT_FIRST = 24;

/** How many cards the user has asked for. */
const cardsWanted = signal(CARDS_AT_FIRST);

/** The folios that have cards: the first ones, as many as were asked for, and those up to the one that is looked at. */
export const shownUnits = computed<readonly Unit[]>(() => {
  const loaded = run.value;
  if (loaded === null) return [];
  const {
    units,
    refcount: { layout },
  } = loaded;
  const chosen = units.findIndex((unit) => layout.nameOf(layout.frameOf(unit)) === selection.value);
  return units.slice(0, Math.max(cardsWanted.value, chosen + 1));
});

/** Folios that have no card. */
export const unitsLeft = computed(() => (run.value?.units.length ?? 0) - shownUnits.value.length);

/** As many cards again. */
export function showMoreCards(): void {
  cardsWanted.value = 2 * shownUnits.value.length;
}

export function showFewCards(): void {
  cardsWanted.value = CARDS_AT_FIRST;
}

/** Both machines in one state. */
export interface Shown {
  readonly devmap: MachineView;
  readonly refcount: MachineView;
}

/** The state that is shown, and the one that it is compared with. */
export const shown = computed<Shown | null>(() => viewsAt(row.value));
export const shownBefore = computed<Shown | null>(() => viewsAt(rowBefore.value));

function viewsAt(at: number): Shown | null {
  const loaded = run.value;
  const place = loaded?.timeline.rows[at];
  if (loaded === null || place === undefined) return null;
  loaded.devmap.seek(place.devmap);
  loaded.refcount.seek(place.refcount);
  return {
    devmap: machineView(loaded.devmap, shownUnits.value),
    refcount: machineView(loaded.refcount, shownUnits.value),
  };
}
