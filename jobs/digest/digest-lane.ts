/**
 * One mail at a time per process: what is at the mail server when a process is killed can only end as `uncertain`, so no kill may find more
 * than one there. Other work of the process goes on beside it.
 */

const lanes = new WeakMap<object, Promise<unknown>>();

/** Runs `work` when everything that entered the lane of `owner` before has ended, well or badly. */
export async function inLane<T>(owner: object, work: () => Promise<T>): Promise<T> {
  const before = lanes.get(owner) ?? Promise.resolve();
  const mine = before.then(work, work);
  // A failure is for whoever asked for this work; the next one only waits for its end.
  lanes.set(
    owner,
    mine.catch(() => undefined),
  );
  return await mine;
}
