/**
 * What several generators yield, as it comes. When one fails, or nobody wants more, all of them are ended, each after what
 * it is at.
 */
export async function* merged<Value>(
  sources: readonly AsyncGenerator<Value, void>[],
): AsyncGenerator<Value, void> {
  const next = async (source: AsyncGenerator<Value, void>): Promise<Next<Value>> => ({
    source,
    result: await source.next(),
  });
  const awaited = new Map(sources.map((source) => [source, next(source)]));
  try {
    while (awaited.size > 0) {
      const { source, result } = await Promise.race(awaited.values());
      if (result.done === true) {
        awaited.delete(source);
      } else {
        yield result.value;
        awaited.set(source, next(source));
      }
    }
  } finally {
    await Promise.allSettled(awaited.values());
    await Promise.all(sources.map((source) => source.return()));
  }
}

interface Next<Value> {
  readonly source: AsyncGenerator<Value, void>;
  readonly result: IteratorResult<Value, void>;
}
