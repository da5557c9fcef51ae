import { dateOfDay, dayCounter } from './history-days.ts';

/**
 * Days of the company's zone as numbers (since 1970-01-01) and as dates, for whoever asks a hundred thousand times: numbers compare
 * without a call, and each date is made once and shared.
 */
export interface DayReader {
  readonly dayOf: (instant: Temporal.Instant) => number;
  readonly dateOf: (day: number) => Temporal.PlainDate;
}

export function dayReader(zone: string): DayReader {
  const dates = new Map<number, Temporal.PlainDate>();
  return {
    dayOf: dayCounter(zone),
    dateOf: (day) => {
      let date = dates.get(day);
      if (date === undefined) {
        date = dateOfDay(day);
        dates.set(day, date);
      }
      return date;
    },
  };
}
