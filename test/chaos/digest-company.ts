/** A company on a Postgres server whose Mondays are digests and nothing else: the forecast of each week is frozen here, the mails are for the processes. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { type MailSink, startMailSink } from '../../sandbox/mail/sink.ts';
import { openPostgresStore } from '../../src/store/postgres.ts';
import { connectionOf, type MondayCompany, managerOf, mondayCompany } from '../support/monday-company.ts';
import { startPostgres } from '../support/postgres.ts';

const FIRST_MONDAY = Temporal.ZonedDateTime.from('2026-11-16T06:00[Europe/Paris]');

export interface DigestCompany {
  readonly company: MondayCompany;
  readonly sink: MailSink;
  readonly databaseUrl: string;
  readonly folder: string;
  /** Freezes the next Monday's forecast and leaves the clock at eight there. Returns the ISO week. */
  nextMonday(): Promise<string>;
  /**
   * The queue forgets what it was told. Its own locks run in real time and not on the company's clock: in the minutes that pass between two
   * lives it would have let go of what the dead held. The sweep rings again.
   */
  forgetRings(): Promise<void>;
  close(): Promise<void>;
}

export async function openDigestCompany(managers: number): Promise<DigestCompany> {
  const server = await startPostgres();
  const databaseUrl = await server.createDatabase();
  const store = await openPostgresStore({ databaseUrl });
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });
  const sink = await startMailSink();
  const folder = mkdtempSync(join(tmpdir(), 'jalon-digest-kills-'));
  const names = Array.from({ length: managers }, (_, index) => managerOf(`manager-${index + 1}`));
  const company = await mondayCompany(store, names, FIRST_MONDAY.toInstant().toString());
  let week = -1;
  return {
    company,
    sink,
    databaseUrl,
    folder,
    nextMonday: async () => {
      week += 1;
      const six = FIRST_MONDAY.add({ weeks: week });
      company.now = six.toInstant();
      await setConnection(company, 'active');
      await company.minute();
      // The processes have no account to read: what is theirs is the mail.
      await setConnection(company, 'reconnect_needed');
      company.now = six.add({ hours: 2 }).toInstant();
      return `${six.yearOfWeek}-W${String(six.weekOfYear).padStart(2, '0')}`;
    },
    forgetRings: async () => {
      const { rows } = await pool.query("select to_regclass('bullmq.job') as job");
      if (rows[0]?.job !== null) await pool.query('delete from bullmq.job; delete from bullmq.event');
    },
    close: async () => {
      await pool.end();
      await store.close();
      await server.stop();
      await sink.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function setConnection(company: MondayCompany, state: 'active' | 'reconnect_needed'): Promise<void> {
  const connection = await connectionOf(company);
  await company.own.run((tenant) => tenant.connections.save({ ...connection, state }));
}
