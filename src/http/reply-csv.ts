import type { Response } from 'express';

/** A table to take away: a file that is named after what it holds and the day it is of. */
export function replyCsv(response: Response, name: string, asOf: Temporal.PlainDate, text: string): void {
  response
    .type('text/csv; charset=utf-8')
    .set('Content-Disposition', `attachment; filename="jalon-${name}-${asOf}.csv"`)
    .send(text);
}
