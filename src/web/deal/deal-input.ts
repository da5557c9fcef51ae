import type { ExchangeRate, Owner, Pipeline } from '../../core/deals/deal.ts';
import type { Manager } from '../../core/deals/manager.ts';
import type { ForecastLine, PaceNorm } from '../../core/forecast/forecast-types.ts';
import type { EvidenceReading } from '../../core/milestones/evidence.ts';
import type { Locale, MilestoneModel } from '../../core/milestones/milestone.ts';
import type { ReviewMark } from '../../core/review/review.ts';
import type { DealFile } from '../../ports/record-store.ts';
import type { ReviewNote } from '../../ports/review-note-store.ts';
import type { CompanySettings } from '../../ports/settings-store.ts';
import type { PageHeader } from '../header.ts';
import type { EvidenceFormInput } from './evidence-form.ts';
import type { NoteFormInput } from './notes.ts';

/** What the route hands over for the page of one deal. */
export interface DealPageInput {
  readonly locale: Locale;
  readonly managerId: string | null;
  readonly header: PageHeader;
  readonly company: CompanySettings;
  /** Today for the company. */
  readonly asOf: Temporal.PlainDate;
  readonly file: DealFile;
  /** As it stands now; null when it is not in the forecast of today. */
  readonly line: ForecastLine | null;
  readonly evidence: EvidenceReading;
  /** The same deal in the snapshots of the last weeks, oldest first. */
  readonly weeks: readonly { readonly asOf: Temporal.PlainDate; readonly line: ForecastLine }[];
  readonly model: MilestoneModel;
  readonly norms: readonly PaceNorm[];
  readonly rates: readonly ExchangeRate[];
  readonly owners: readonly Owner[];
  readonly pipelines: readonly Pipeline[];
  readonly managers: readonly Pick<Manager, 'id' | 'name'>[];
  /** Newest first. */
  readonly notes: readonly ReviewNote[];
  /** Neighbours in this week's review; null outside of it. */
  readonly review: ReviewPlace | null;
  /** The record in the CRM; anything but http(s) is not linked. */
  readonly crmLink: string;
  /** What was typed and why it was refused; null when the page was only opened. */
  readonly form: EvidenceFormInput | null;
  /** A note that was refused. */
  readonly noteForm: NoteFormInput | null;
  readonly saved: 'evidence' | 'note' | 'passed' | null;
}

export interface ReviewPlace {
  readonly position: number;
  readonly total: number;
  readonly previous: string | null;
  readonly next: string | null;
  /** What this week's meeting made of the deal; null: nothing yet. */
  readonly mark: ReviewMark | null;
  /** Deals of the meeting that have a mark. */
  readonly reviewed: number;
}
