import { Duplex } from 'node:stream';

/** The two ends of a channel: what is written to one is read from the other. */
export function pairOfChannels(): [Duplex, Duplex] {
  const ends: Duplex[] = [0, 1].map(
    (own) =>
      new Duplex({
        read: () => {},
        write: (piece, _encoding, done) => {
          ends[1 - own]?.push(piece);
          done();
        },
        final: (done) => {
          ends[1 - own]?.push(null);
          done();
        },
      }),
  );
  const [left, right] = ends;
  if (left === undefined || right === undefined) throw new Error('a channel has two ends');
  return [left, right];
}
