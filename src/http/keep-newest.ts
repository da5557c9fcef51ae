/** Keeps the newest few results of a slow calculation, by what they depend on: all readers of a day want the same ones. */
export type Keep<Value> = (key: string, calculate: () => Promise<Value>) => Promise<Value>;

/** One that failed is tried again by the next reader. */
export function keepNewest<Value>(limit: number): Keep<Value> {
  const kept = new Map<string, Promise<Value>>();
  return async (key, calculate) => {
    const value = kept.get(key) ?? calculate();
    kept.delete(key);
    kept.set(key, value);
    for (const oldest of [...kept.keys()].slice(0, Math.max(0, kept.size - limit))) kept.delete(oldest);
    try {
      return await value;
    } catch (error) {
      kept.delete(key);
      throw error;
    }
  };
}
