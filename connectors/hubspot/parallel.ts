/**
 * Several walkers, one stream. Each walker reads at most one element ahead of what the consumer has taken, so a stop loses at most one
 * element per walker, and an element counts as delivered only when the consumer got it.
 */
export async function* inParallel<Element>(
  walkers: readonly AsyncGenerator<Element, void, void>[],
): AsyncGenerator<Element, void, void> {
  const pending = new Map<number, Promise<Step<Element>>>();
  const advance = (index: number): void => {
    const walker = walkers[index];
    if (walker === undefined) return;
    const step = walker.next().then((result) => ({ index, result }));
    /** A failure is thrown where the consumer waits; a second one, of a walker nobody waits for any more, must not end the process. */
    step.catch(() => undefined);
    pending.set(index, step);
  };
  for (const index of walkers.keys()) advance(index);
  while (pending.size > 0) {
    const { index, result } = await Promise.race(pending.values());
    pending.delete(index);
    if (result.done) continue;
    advance(index);
    yield result.value;
  }
}

interface Step<Element> {
  readonly index: number;
  readonly result: IteratorResult<Element, void>;
}
