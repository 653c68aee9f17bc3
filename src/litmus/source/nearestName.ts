/**
 * The candidate that the writer probably meant, or null when none is close. Closeness counts inserted, left out,
 * exchanged and swapped characters; capitals do not matter. Ties go to the first candidate.
 */
export function nearestName(written: string, candidates: Iterable<string>): string | null {
  const wanted = written.toLowerCase();
  if (wanted.length > LONGEST_COMPARED) {
    return null;
  }
  let best: string | null = null;
  const farthest = wanted.length === 1 ? 0 : Math.max(1, Math.floor(wanted.length / 3));
  let bestDistance = farthest + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - wanted.length) < bestDistance) {
      const distance = editDistance(wanted, candidate.toLowerCase());
      if (distance < bestDistance) {
        best = candidate;
        bestDistance = distance;
      }
    }
  }
  return best;
}

/** A hint: the nearest candidate if there is one, else what else to do. */
export function suggest(written: string, candidates: Iterable<string>, otherwise: string): string {
  const nearest = nearestName(written, candidates);
  return nearest === null ? otherwise : `did you mean '${nearest}'?`;
}

const LONGEST_COMPARED = 64;

function editDistance(left: string, right: string): number {
  const width = right.length + 1;
  const rows: number[] = new Array((left.length + 1) * width).fill(0);
  const at = (row: number, column: number): number => rows[row * width + column] ?? 0;
  for (let row = 0; row <= left.length; row += 1) {
    for (let column = 0; column <= right.length; column += 1) {
      if (row === 0 || column === 0) {
        rows[row * width + column] = row + column;
        continue;
      }
      const same = left[row - 1] === right[column - 1];
      let distance = Math.min(at(row - 1, column) + 1, at(row, column - 1) + 1);
      distance = Math.min(distance, at(row - 1, column - 1) + (same ? 0 : 1));
      const swapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      if (row > 1 && column > 1 && swapped) {
        distance = Math.min(distance, at(row - 2, column - 2) + 1);
      }
      rows[row * width + column] = distance;
    }
  }
  return at(left.length, right.length);
}
