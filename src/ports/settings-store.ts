/** What people decided: milestone models, managers, targets, rates, the company. */

import type { ExchangeRate } from '../core/deals/deal.ts';
import type { Manager, Target } from '../core/deals/manager.ts';
import type { MilestoneModel } from '../core/milestones/milestone.ts';
import type { CompanyCalendar } from '../core/values/calendar-weeks.ts';
import type { CurrencyCode } from '../core/values/currency.ts';
import type { ConnectionId } from '../core/values/ids.ts';

/** What people decided. Versions are appended, never changed. */
export interface SettingsStore {
  /** Appends and returns the version number (1, 2, ...); an identical model returns the version in force. */
  saveModel(
    connectionId: ConnectionId,
    model: MilestoneModel,
    by: string,
    reason: string,
    at: Temporal.Instant,
  ): Promise<number>;
  /** The version in force, or the one asked for. */
  model(connectionId: ConnectionId, version?: number): Promise<MilestoneModel | null>;
  /** Managers, targets, rates: the whole list each time. Who is not in it any more is gone from the next read; earlier lists stay on record. */
  saveManagers(managers: readonly Manager[]): Promise<void>;
  managers(): Promise<readonly Manager[]>;
  saveTargets(targets: readonly Target[]): Promise<void>;
  targets(): Promise<readonly Target[]>;
  /** Rates kept by the admin; those of the CRM come with the directory. */
  saveRates(rates: readonly ExchangeRate[]): Promise<void>;
  rates(): Promise<readonly ExchangeRate[]>;
  saveCompany(company: CompanySettings): Promise<void>;
  company(): Promise<CompanySettings | null>;
}

export interface CompanySettings {
  readonly zone: string;
  readonly currency: CurrencyCode;
  readonly locale: 'fr' | 'en';
  readonly fiscalStartMonth: number;
  readonly periodKind: 'month' | 'quarter' | 'year';
  /** Absent: periods begin on the first of a month. */
  readonly calendar?: CompanyCalendar;
  /** `plan_only` until a person has seen the first plan and said yes: nothing is written to the CRM before. */
  readonly writeBack: 'plan_only' | 'on';
  /** Who keeps the connection and is told when a digest is missing, unless ALERT_EMAIL names somebody. */
  readonly adminEmail?: string;
}
