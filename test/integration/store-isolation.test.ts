import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DealProduct } from '../../src/core/deals/product.ts';
import { asId, type SnapshotId } from '../../src/core/values/ids.ts';
import { enginesFor, newTenant, type OpenedStore, type OwnTenant } from '../support/store-engines.ts';
import {
  activityOf,
  date,
  dealId,
  dealOf,
  EUR,
  headerOf,
  land,
  MODEL,
  MONDAY,
  managerId,
  rejectionOf,
  tombstoneOf,
} from '../support/store-records.ts';

const lineOf = (id: string): DealProduct => ({
  id: asId(id),
  dealId: dealId('1'),
  productId: null,
  name: 'x',
  quantity: null,
  unitPrice: { kind: 'missing' },
  total: { kind: 'missing' },
  updatedAt: MONDAY,
});

/** At least one row in every table that belongs to a company. */
async function fillEveryTable(
  own: OwnTenant,
): Promise<{ readonly snapshotId: SnapshotId; readonly effectId: string }> {
  const contact = { id: asId<never>('c'), name: 'Zoé', buyingRole: null, updatedAt: MONDAY };
  await land(own, {
    deals: [dealOf('1')],
    companies: [contact],
    contacts: [contact],
    activities: [activityOf('a', ['1'])],
    tombstones: [tombstoneOf('9', MONDAY)],
    rejections: [rejectionOf('8')],
    products: [{ ...contact, code: null, archived: false }],
    dealProducts: [lineOf('l')],
  });
  return own.run(async (tenant) => {
    const crm = own.connectionId;
    const account = { externalId: '4242', name: 'Company', zone: 'Europe/Paris', currency: EUR };
    const confirmation = {
      milestone: asId<never>('verbal'),
      confirmedOn: date('2026-11-02'),
      customerPerson: 'x',
      link: '',
      verdict: 'confirmed',
    } as const;
    const digest = {
      connectionId: crm,
      managerId: managerId('claire'),
      isoWeek: '2026-W47',
      snapshotId: asId<SnapshotId>('s'),
      plannedAt: MONDAY,
      late: false,
    };
    await tenant.records.landDirectory(
      crm,
      { account, pipelines: [], owners: [], teams: [], rates: [] },
      MONDAY,
    );
    await tenant.records.confirm(crm, dealId('1'), confirmation, 'claire', MONDAY);
    await tenant.settings.saveModel(crm, MODEL, 'claire', 'first', MONDAY);
    await tenant.settings.saveTargets([]);
    const snapshotId = await tenant.snapshots.freeze(
      headerOf(own, '2026-11-16', { id: asId(`snapshot of ${own.tenantId}`) }),
      [dealOf('1')],
    );
    const nothing = { grossMinor: 0n, unprovenMinor: 0n, expectedMinor: 0n, wonInPeriodMinor: 0n };
    const line = { dealId: dealId('1'), netMinor: 5n, ...nothing } as never;
    await tenant.snapshots.saveForecast(snapshotId, [line], [{ managerId: null } as never]);
    await tenant.receipts.begin(
      crm,
      [{ dealId: dealId('1'), currency: EUR, values: new Map([['jalon_weight', '60']]) }],
      MONDAY,
    );
    await tenant.receipts.settle(crm, [{ dealId: dealId('1'), kind: 'written', modifiedAt: MONDAY }], MONDAY);
    await tenant.receipts.begin(
      crm,
      [{ dealId: dealId('2'), currency: EUR, values: new Map([['jalon_weight', '60']]) }],
      MONDAY,
    );
    await tenant.receipts.settle(
      crm,
      [{ dealId: dealId('2'), kind: 'refused', code: 'OTHER', message: 'x' }],
      MONDAY,
    );
    await tenant.receipts.begin(
      crm,
      [{ dealId: dealId('1'), currency: EUR, values: new Map([['jalon_weight', '40']]) }],
      MONDAY,
    );
    await tenant.digests.plan(digest);
    const effectId = await tenant.effects.add({ kind: 'pull', key: '1', payload: {}, dueAt: MONDAY });
    await tenant.reviewNotes.add(crm, {
      dealId: dealId('1'),
      isoWeek: '2026-W47',
      mark: 'note',
      text: 'x',
      by: 'claire',
      at: MONDAY,
    });
    await tenant.inbox.record({ connectionId: crm, dedupeKey: '1', receivedAt: MONDAY, raw: '{}' });
    await tenant.audit.append({
      at: MONDAY,
      by: 'claire',
      action: 'x',
      subject: 'y',
      before: null,
      after: null,
    });
    return { snapshotId, effectId };
  });
}

/** Tables of which the database itself must refuse every change, at least. */
const APPEND_ONLY = [
  'audit',
  'confirmation',
  'deal_content',
  'forecast',
  'forecast_line',
  'forecast_summary',
  'model_version',
  'receipt',
  'review_note',
  'setting_version',
  'snapshot',
  'snapshot_deal',
];

/** A value for each type that a column without default has, for tables that no test above has put a row in. */
const PLAIN_VALUES: Readonly<Record<string, string>> = {
  text: "'x'",
  integer: '1',
  bigint: '1',
  numeric: '1',
  boolean: 'false',
  date: 'current_date',
  jsonb: "'{}'",
  ARRAY: "'{}'",
  'timestamp with time zone': 'now()',
};

/** One row of plain values: a table that somebody adds is guarded by this suite from its first day. */
async function fillPlainly(
  client: pg.PoolClient,
  table: string,
  known: Readonly<Record<string, string>>,
): Promise<void> {
  const { rows } = await client.query<{ name: string; type: string }>(
    `select column_name as name, data_type as type from information_schema.columns
      where table_schema = 'jalon' and table_name = $1 and column_default is null and is_nullable = 'NO' and is_identity = 'NO'`,
    [table],
  );
  const names = rows.map(({ name }) => name);
  const values = rows.map(({ name, type }) =>
    known[name] === undefined ? PLAIN_VALUES[type] : `'${known[name]}'`,
  );
  await client.query(`insert into jalon.${table} (${names.join(', ')}) values (${values.join(', ')})`);
}

describe.each(enginesFor('tenant isolation'))(
  'companies never see each other, on the $name database',
  (engine) => {
    let opened: OpenedStore;
    let owner: pg.Pool;
    let mine: OwnTenant;
    let theirs: OwnTenant;
    let theirRows: { readonly snapshotId: SnapshotId; readonly effectId: string };
    let tables: readonly string[];
    let appendOnly: readonly string[];

    beforeAll(async () => {
      opened = await engine.open();
      owner = new pg.Pool({ connectionString: opened.connectionString, max: 2 });
      [mine, theirs] = [await newTenant(opened.store), await newTenant(opened.store)];
      theirRows = await fillEveryTable(theirs);
      const { rows } = await owner.query<{ name: string }>(
        "select table_name as name from information_schema.tables where table_schema = 'jalon' and table_name <> 'schema_migration' order by 1",
      );
      tables = rows.map((row) => row.name);
      appendOnly = await guardedByTrigger();
      await fillTheRest();
    });
    afterAll(async () => {
      await owner.end();
      await opened.close();
    });

    async function guardedByTrigger(): Promise<readonly string[]> {
      const { rows } = await owner.query<{ name: string }>(
        "select tgrelid::regclass::text as name from pg_trigger where tgname = 'append_only' order by 1",
      );
      return rows.map((row) => row.name.replace('jalon.', ''));
    }

    async function fillTheRest(): Promise<void> {
      const known = {
        tenant_id: theirs.tenantId,
        connection_id: theirs.connectionId,
        snapshot_id: theirRows.snapshotId,
      };
      const own = await visibleRows('jalon_app', theirs.tenantId);
      const client = await owner.connect();
      await client.query("select set_config('jalon.tenant', $1, false)", [theirs.tenantId]);
      for (const table of tables.filter((name) => own[name] === 0)) await fillPlainly(client, table, known);
      await client.query('reset jalon.tenant');
      client.release();
    }

    /** Statements as the login of the application, as `role` and for `tenantId` where they are given; always rolled back. */
    async function asRole<T>(
      role: string | null,
      tenantId: string | null,
      work: (client: pg.PoolClient) => Promise<T>,
    ): Promise<T> {
      const client = await owner.connect();
      try {
        await client.query('begin');
        if (tenantId !== null) await client.query("select set_config('jalon.tenant', $1, true)", [tenantId]);
        if (role !== null) await client.query(`set local role ${role}`);
        return await work(client);
      } finally {
        await client.query('rollback');
        client.release();
      }
    }

    async function visibleRows(
      role: string | null,
      tenantId: string | null,
    ): Promise<Readonly<Record<string, number>>> {
      const counts: Record<string, number> = {};
      for (const table of tables) {
        counts[table] = await asRole(
          role,
          tenantId,
          async (client) => (await client.query(`select from jalon.${table}`)).rowCount ?? -1,
        );
      }
      return counts;
    }

    const none = () => Object.fromEntries(tables.map((table) => [table, 0]));

    it('every table of the schema is guarded, forced on its owner, and was filled by this suite', async () => {
      const { rows } = await owner.query<{ name: string }>(
        "select relname as name from pg_class where relnamespace = 'jalon'::regnamespace and relkind = 'r' and relrowsecurity and relforcerowsecurity order by 1",
      );
      expect(rows.map((row) => row.name)).toEqual(tables);
      const own = await visibleRows('jalon_app', theirs.tenantId);
      expect(Object.entries(own).filter(([, count]) => count === 0)).toEqual([]);
    });

    it('a company sees none of the rows of another, whatever the statement forgets to ask', async () => {
      expect(await visibleRows('jalon_app', 'a company that does not exist')).toEqual(none());
      expect(await visibleRows('jalon_app', mine.tenantId)).toEqual({ ...none(), tenant: 1, connection: 1 });
    });

    it('without a company nothing is visible, to the application and to the owner of the tables', async () => {
      expect(await visibleRows('jalon_app', null)).toEqual(none());
      expect(await visibleRows('jalon_app', '')).toEqual(none());
      if (engine.name === 'Postgres') expect(await visibleRows(null, null)).toEqual(none());
    });

    it('the ids of another company are unknown to every method', async () => {
      await mine.run(async (tenant) => {
        expect(await tenant.snapshots.header(theirRows.snapshotId)).toBeNull();
        expect(await tenant.snapshots.deals(theirRows.snapshotId)).toEqual([]);
        expect(await tenant.snapshots.lines(theirRows.snapshotId)).toEqual([]);
        expect(await tenant.snapshots.figures(theirRows.snapshotId)).toEqual([]);
        expect(await tenant.snapshots.linesOf(theirRows.snapshotId, [dealId('1')])).toEqual([]);
        expect(await tenant.effects.get(theirRows.effectId)).toBeNull();
        expect(await tenant.effects.claim(theirRows.effectId, MONDAY, 1_000)).toBeNull();
        expect(await tenant.records.deal(mine.connectionId, dealId('1'))).toBeNull();
        expect(await tenant.records.rejections(mine.connectionId)).toEqual([]);
        expect(await tenant.receipts.writtenCount(mine.connectionId)).toBe(0);
        expect(await tenant.audit.list(10)).toEqual([]);
      });
    });

    it('a row cannot be put into another company, nor moved there', async () => {
      const insert = asRole('jalon_app', mine.tenantId, (client) =>
        client.query(
          "insert into jalon.effect (tenant_id, kind, key, payload, due_at) values ($1, 'pull', 'x', '{}', now())",
          [theirs.tenantId],
        ),
      );
      await expect(insert).rejects.toMatchObject({ code: '42501' });
      const move = asRole('jalon_app', theirs.tenantId, (client) =>
        client.query('update jalon.effect set tenant_id = $1', [mine.tenantId]),
      );
      await expect(move).rejects.toMatchObject({ code: '42501' });
      const reach = await asRole('jalon_app', mine.tenantId, (client) =>
        client.query('update jalon.effect set attempts = 99'),
      );
      expect(reach.rowCount).toBe(0);
    });

    it('what one transaction was allowed to see ends with it', async () => {
      await mine.run((tenant) => tenant.connections.list());
      const { rows } = await owner.query(
        "select current_setting('jalon.tenant', true) as tenant, current_user = session_user as own",
      );
      expect(rows).toEqual([
        { tenant: expect.toSatisfy((tenant) => tenant === null || tenant === ''), own: true },
      ]);
    });

    it('the sweep reads companies and effects of all, and nothing else of anybody', async () => {
      const refused: string[] = [];
      for (const table of tables) {
        await asRole('jalon_system', null, (client) => client.query(`select from jalon.${table}`)).catch(() =>
          refused.push(table),
        );
      }
      expect(refused).toEqual(tables.filter((table) => table !== 'tenant' && table !== 'effect'));
      const change = asRole('jalon_system', null, (client) =>
        client.query('update jalon.effect set attempts = 1'),
      );
      await expect(change).rejects.toMatchObject({ code: '42501' });
    });

    it('the application can neither change what is frozen, nor touch the schema', async () => {
      for (const table of APPEND_ONLY) {
        const remove = asRole('jalon_app', theirs.tenantId, (client) =>
          client.query(`delete from jalon.${table}`),
        );
        await expect(remove, table).rejects.toMatchObject({ code: '42501' });
      }
      const drop = asRole('jalon_app', theirs.tenantId, (client) => client.query('drop table jalon.audit'));
      await expect(drop).rejects.toMatchObject({ code: '42501' });
    });

    it('not even the owner of the database changes or deletes what is append-only', async () => {
      for (const table of appendOnly) {
        for (const change of [
          'update %s set tenant_id = tenant_id',
          'delete from %s',
          'truncate %s cascade',
        ]) {
          const attempt = asRole(null, theirs.tenantId, (client) =>
            client.query(change.replace('%s', `jalon.${table}`)),
          );
          await expect(attempt, `${change} on ${table}`).rejects.toMatchObject({
            code: '23001',
            message: expect.stringContaining('append-only'),
          });
        }
      }
    });

    it('a transaction inside a transaction is refused at once instead of waiting for ever', async () => {
      const nested = mine.run(() => mine.run((tenant) => tenant.connections.list()));
      await expect(nested).rejects.toThrow('inside another');
      const beside = await Promise.all([
        mine.run((tenant) => tenant.connections.list()),
        theirs.run((tenant) => tenant.connections.list()),
      ]);
      expect(beside.map((list) => list.length)).toEqual([1, 1]);
    });
  },
);
