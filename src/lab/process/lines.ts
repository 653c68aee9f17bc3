import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/** Hands over the lines of a stream as they come, without their ends; an unfinished one when the stream ends. */
export function linesOf(stream: Readable, take: (line: string) => void): void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  stream.on('data', (piece: Buffer) => {
    const lines = (rest + decoder.write(piece)).split(/\r*\n/);
    rest = lines.pop() ?? '';
    for (const line of lines) take(line);
  });
  stream.once('end', () => {
    if (rest !== '') take(rest);
  });
}
