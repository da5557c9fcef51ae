import type { Locale } from '../../src/core/milestones/milestone.ts';
import { dayText } from '../format.ts';

/** "2026-W24" -> "8 juin", the Monday of that ISO week. */
export function weekText(isoWeek: string, locale: Locale): string {
  return dayText(mondayOfIsoWeek(isoWeek), locale);
}

/** 4 January always lies in week 1 (ISO 8601). */
function mondayOfIsoWeek(isoWeek: string): Temporal.PlainDate {
  const [year = '', week = ''] = isoWeek.split('-W');
  const fourthOfJanuary = Temporal.PlainDate.from(`${year}-01-04`);
  const firstMonday = fourthOfJanuary.subtract({ days: fourthOfJanuary.dayOfWeek - 1 });
  return firstMonday.add({ weeks: Number(week) - 1 });
}
