/** Works on several elements at once. After a failure nothing new is started; it is thrown when the calls on their way have ended. */
export async function inPool<Element>(
  width: number,
  elements: readonly Element[],
  work: (element: Element) => Promise<void>,
): Promise<void> {
  const waiting = elements[Symbol.iterator]();
  let failed = false;
  const worker = async (): Promise<void> => {
    for (const element of { [Symbol.iterator]: () => waiting }) {
      if (failed) return;
      try {
        await work(element);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: Math.min(width, elements.length) }, worker));
  const failure = ended.find((result) => result.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
}
