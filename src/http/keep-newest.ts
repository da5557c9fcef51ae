import type { HistoryFit, KeepFit } from '../../jobs/live-deal.ts';

/** Keeps the newest fit: all readers of a day want the same one. A fit that failed is tried again. */
export function keptFit(): KeepFit {
  let kept: { readonly key: string; readonly fit: Promise<HistoryFit> } | null = null;
  return async (key, measure) => {
    if (kept?.key !== key) kept = { key, fit: measure() };
    const { fit: wanted } = kept;
    try {
      return await wanted;
    } catch (error) {
      kept = null;
      throw error;
    }
  };
}
