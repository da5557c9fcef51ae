/** One line of the time line of a deal: as found, and as printed. */
export interface TimelineEventView {
  readonly date: string;
  readonly kind: 'stage' | 'milestone' | 'amount' | 'close' | 'activity' | 'evidence' | 'created';
  readonly label: string;
  readonly text: string;
  readonly tone: 'good' | 'bad' | 'plain';
  readonly link: string | null;
}

export interface TimelineEvent extends Omit<TimelineEventView, 'date' | 'label' | 'link'> {
  readonly at: Temporal.Instant;
  readonly link?: string | null;
  /** Instead of the day of `at`: a proof has its own day. */
  readonly on?: Temporal.PlainDate;
}
