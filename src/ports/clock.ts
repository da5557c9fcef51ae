/** The only source of "now" for business code. A demo on an old log runs with a clock that started in the past. */
export interface Clock {
  now(): Temporal.Instant;
}
