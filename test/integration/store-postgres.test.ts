import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asId, type TenantId } from '../../src/core/values/ids.ts';
import type { Store } from '../../src/ports/store.ts';
import { migrate, newestMigration } from '../../src/store/migrate.ts';
import { openPostgresStore } from '../../src/store/postgres.ts';
import { freePort } from '../support/free-port.ts';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';
import { announceMissing, availableServices } from '../support/services.ts';
import { newTenant } from '../support/store-engines.ts';
import { MODEL, MONDAY } from '../support/store-records.ts';

const hasPostgres = availableServices().postgresBin !== null;
if (!hasPostgres) announceMissing('the store on a Postgres server', 'postgresBin');

const NEWEST = { schemaVersion: newestMigration() };

describe.runIf(hasPostgres)('the store on a Postgres server', () => {
  let server: PostgresServer;
  const opened: Store[] = [];
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(async () => {
    for (const store of opened) await store.close();
    await server.stop();
  });

  async function open(databaseUrl: string, limits: Readonly<Record<string, number>> = {}): Promise<Store> {
    const store = await openPostgresStore({ databaseUrl, ...limits });
    opened.push(store);
    return store;
  }

  async function ask(
    databaseUrl: string,
    statement: string,
  ): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    try {
      return (await client.query(statement)).rows;
    } finally {
      await client.end();
    }
  }

  const appliedMigrations = async (databaseUrl: string) =>
    (await ask(databaseUrl, 'select number from jalon.schema_migration order by number')).map(
      (row) => row['number'],
    );
  const eachOnce = () => Array.from({ length: newestMigration() }, (_, index) => index + 1);

  const failure = (message: string) => ({
    name: 'StoreError',
    code: 'STORE_MIGRATION_FAILED',
    message: expect.stringContaining(message),
  });

  describe('migrations', () => {
    it('run once when three processes start at once, on two databases of one server', async () => {
      const [one, two] = [await server.createDatabase(), await server.createDatabase()];
      const stores = await Promise.all([one, two, one, two, one, two].map((url) => open(url)));
      for (const store of stores) expect(await store.system.ready()).toEqual(NEWEST);
      expect(await appliedMigrations(one)).toEqual(eachOnce());
      expect(stores[0]?.label).toBeNull();
    });

    it('that fail half-way keep nothing, and go through once the obstacle is gone', async () => {
      const url = await server.createDatabase();
      await ask(url, 'create schema jalon; create table jalon.audit (obstacle int)');
      await expect(open(url)).rejects.toMatchObject(failure('"audit" already exists'));
      expect(
        await ask(url, "select table_name from information_schema.tables where table_schema = 'jalon'"),
      ).toEqual([{ table_name: 'audit' }]);
      await ask(url, 'drop table jalon.audit');
      expect(await (await open(url)).system.ready()).toEqual(NEWEST);
    });

    it('survive that the server cuts their connections again and again', async () => {
      const url = await server.createDatabase();
      const name = new URL(url).username;
      const cuts = (async () => {
        for (let cut = 0; cut < 6; cut += 1) {
          await server.admin(
            `select pg_terminate_backend(pid) from pg_stat_activity where usename = '${name}'`,
          );
          await pause(20);
        }
      })();
      const first = await open(url).catch((error: unknown) => error);
      await cuts;
      const store = first instanceof Error ? await open(url) : (first as Store);
      expect(await store.system.ready()).toEqual(NEWEST);
      expect(await appliedMigrations(url)).toEqual(eachOnce());
    });

    it('refuse a schema that a newer version made, and a released file that was changed', async () => {
      const newer = await server.createDatabase();
      await (await open(newer)).system.ready();
      await ask(
        newer,
        "insert into jalon.schema_migration (number, name, digest) values (9999, 'future', '')",
      );
      await expect(open(newer)).rejects.toMatchObject(failure('has schema 9999'));
      await ask(
        newer,
        "delete from jalon.schema_migration where number = 9999; update jalon.schema_migration set digest = 'other'",
      );
      await expect(open(newer)).rejects.toMatchObject(failure('was changed after it had been applied'));
    });

    it('tell a login that may not create roles what an administrator has to do, and work once that is done', async () => {
      const url = await server.createDatabase();
      const name = new URL(url).username;
      await server.admin(`alter role ${name} nocreaterole`);
      await expect(open(url)).rejects.toMatchObject(failure('As an administrator: create role jalon_app'));
      await server.admin(`grant jalon_app, jalon_system to ${name}`);
      expect(await (await open(url)).system.ready()).toEqual(NEWEST);
    });

    it('refuse a server older than Postgres 15', async () => {
      const old = {
        query: async () => ({ rows: [{ version: 140_010, text: '14.10' }] }),
      } as unknown as pg.Pool;
      await expect(migrate(old, 'Postgres at db')).rejects.toMatchObject({
        name: 'StoreError',
        code: 'STORE_TOO_OLD',
        message: expect.stringMatching(/14\.10.*15 or newer/),
      });
    });
  });

  describe('when the database is away', () => {
    it('says so without showing the password', async () => {
      const address = `postgresql://jalon:s3cret@127.0.0.1:${await freePort()}/jalon`;
      const error = await open(address).catch((thrown: Error) => thrown);
      expect(error).toMatchObject({ name: 'StoreError', code: 'STORE_UNREACHABLE' });
      expect(String(error)).toContain('127.0.0.1');
      expect(String(error)).not.toContain('s3cret');
      await expect(open('mysql://127.0.0.1/jalon')).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' });
      await expect(
        open(server.url.replace('/postgres', '/nowhere').replace('//postgres@', '//nobody@')),
      ).rejects.toMatchObject({
        code: 'STORE_UNREACHABLE',
      });
    });

    it('waits for its restart, and loses nothing that was acknowledged', async () => {
      const store = await open(await server.createDatabase());
      const own = await newTenant(store);
      const acknowledged: string[] = [];
      let running = true;
      const work = (async () => {
        for (let count = 0; running; count += 1) {
          const key = String(count);
          await own
            .run(({ effects }) => effects.add({ kind: 'pull', key, payload: {}, dueAt: MONDAY }))
            .then(() => acknowledged.push(key))
            .catch((error: unknown) =>
              expect(error, 'only a lost commit may fail').toMatchObject({ code: 'STORE_UNREACHABLE' }),
            );
        }
      })();
      for (let restart = 0; restart < 3; restart += 1) {
        await pause(200);
        await server.restart();
      }
      await pause(200);
      running = false;
      await work;
      const kept = new Set((await own.run(({ effects }) => effects.list({}))).map((effect) => effect.key));
      expect(acknowledged.length).toBeGreaterThan(3);
      expect(acknowledged.filter((key) => !kept.has(key))).toEqual([]);
    });
  });

  describe('under pressure', () => {
    it('runs the loser of a deadlock again, so that both succeed', async () => {
      const own = await newTenant(await open(await server.createDatabase()));
      const add = (key: string) =>
        own.run(({ effects }) => effects.add({ kind: 'pull', key, payload: {}, dueAt: MONDAY }));
      const [a, b] = [await add('a'), await add('b')];
      let runs = 0;
      const parkBoth = (first: string, second: string) =>
        own.run(async ({ effects }) => {
          runs += 1;
          await effects.claim(first, MONDAY, 0);
          await pause(150);
          return effects.claim(second, MONDAY, 0);
        });
      const claims = await Promise.all([parkBoth(a, b), parkBoth(b, a)]);
      expect(claims.map((claim) => claim?.state)).toEqual(['claimed', 'claimed']);
      expect(runs).toBe(3);
    });

    it('does not wait for ever: neither for a free connection nor for a statement', async () => {
      const url = await server.createDatabase();
      const own = await newTenant(
        await open(url, { maxConnections: 2, waitMs: 300, statementTimeoutMs: 300 }),
      );
      const save = (holdMs: number) =>
        own.run(async ({ settings }) => {
          await settings.saveModel(own.connectionId, MODEL, 'claire', 'first', MONDAY);
          await pause(holdMs);
        });
      const holder = save(1_500);
      await pause(100);
      const blocked = expect(save(0), 'waits for the turn that the first one holds').rejects.toMatchObject({
        code: 'STORE_BUSY',
      });
      await pause(50);
      const turnedAway = expect(save(0), 'both connections are taken').rejects.toMatchObject({
        code: 'STORE_BUSY',
      });
      await Promise.all([holder, blocked, turnedAway]);
      expect(await own.run(({ settings }) => settings.model(own.connectionId))).toEqual(MODEL);
    });

    it('keeps working for others while one company holds a lock', async () => {
      const store = await open(await server.createDatabase());
      const [slow, other] = [await newTenant(store), await newTenant(store)];
      const order: string[] = [];
      await Promise.all([
        slow.run(async ({ settings }) => {
          await settings.saveTargets([]);
          await pause(300);
          order.push('slow');
        }),
        other.run(async ({ settings }) => {
          await settings.saveTargets([]);
          order.push('other');
        }),
      ]);
      expect(order).toEqual(['other', 'slow']);
      expect(await store.system.tenants()).toEqual([
        asId<TenantId>(slow.tenantId),
        asId<TenantId>(other.tenantId),
      ]);
    });
  });
});
