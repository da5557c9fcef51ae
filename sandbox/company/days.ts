/** The company's calendar, counted in days from the day one looks at it: day -1 is yesterday. */
export class Days {
  readonly asOf: Temporal.PlainDate;
  readonly zone: string;

  constructor(asOf: Temporal.PlainDate, zone: string) {
    this.asOf = asOf;
    this.zone = zone;
  }

  date(day: number): Temporal.PlainDate {
    return this.asOf.add({ days: day });
  }

  /** The day itself, or the Friday before when it falls on a weekend. */
  workday(day: number): number {
    const { dayOfWeek } = this.date(day);
    return dayOfWeek <= 5 ? day : day - (dayOfWeek - 5);
  }

  /** Epoch milliseconds of a minute of that day, by the company's wall clock. */
  atMs(day: number, minuteOfDay: number): number {
    const time = Temporal.PlainTime.from({ hour: Math.floor(minuteOfDay / 60), minute: minuteOfDay % 60 });
    return this.date(day).toZonedDateTime({ timeZone: this.zone, plainTime: time }).epochMilliseconds;
  }

  /** The last day of the month in which `day` lies. */
  monthEnd(day: number): number {
    const date = this.date(day);
    return day + (date.daysInMonth - date.day);
  }

  /** "2026-Q4", by calendar year. */
  quarter(day: number): string {
    const date = this.date(day);
    return `${date.year}-Q${Math.ceil(date.month / 3)}`;
  }

  /** First day of the quarter in which `day` lies. */
  quarterStart(day: number): number {
    const date = this.date(day);
    const start = date.with({ month: date.month - ((date.month - 1) % 3), day: 1 });
    return day + date.until(start, { largestUnit: 'day' }).days;
  }
}
