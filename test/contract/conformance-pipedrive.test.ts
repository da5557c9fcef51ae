import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPipedriveConnector } from '../../connectors/pipedrive/index.ts';
import { seededCompany } from '../../sandbox/company/company.ts';
import type { Observed } from '../../sandbox/pipedrive/requests.ts';
import { type PipedriveSandbox, startPipedriveSandbox } from '../../sandbox/pipedrive/server.ts';
import { worldAt } from '../../sandbox/world/script.ts';
import { defaultModel } from '../../src/core/milestones/default-model.ts';
import { asId, type DealId } from '../../src/core/values/ids.ts';
import { propertySpecs } from '../../src/core/write-back/property-specs.ts';
import type { DealWrite, PropertyKey } from '../../src/core/write-back/write-back.ts';
import { Landed } from '../support/landed.ts';
import { logBook } from '../support/log-book.ts';
import { eachObject, OpenApi, type Operation } from '../support/openapi.ts';
import { virtualTime } from '../support/virtual-time.ts';

/** Both ends against Pipedrive's published specification: what the connector asks for and what the sandbox answers. */
const FOLDER = new URL('../../../shared/crm/pipedrive-openapi/', import.meta.url);
const isHere = existsSync(new URL('openapi-v2.yaml', FOLDER));
if (!isHere) process.stdout.write('conformance: skipped, ../shared/crm/pipedrive-openapi is not here\n');

type Overlay = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** Response properties that the specification wrongly calls non-nullable: the overlay's list, by the operation's entity. */
const ENTITIES: Readonly<Record<string, string>> = {
  getDeals: 'Deal',
  getArchivedDeals: 'Deal',
  updateDeal: 'Deal',
  getOrganizations: 'Organization',
  getStages: 'Stage',
  getPipelines: 'Pipeline',
  getActivities: 'Activity',
};

function relaxBy(overlay: Overlay): (operationId: string, schema: Record<string, unknown>) => void {
  return (operationId, schema) => {
    const entity = ENTITIES[operationId] ?? '';
    const lists = Object.values(overlay).flatMap((group) =>
      typeof group === 'object' ? [group[entity] ?? []] : [],
    );
    const nullable = new Set([...lists.flat().map((name) => name.replace('?', '')), 'next_cursor']);
    eachObject(schema, (properties) => {
      for (const [name, property] of Object.entries(properties))
        if (nullable.has(name)) property['nullable'] = true;
    });
  };
}

describe.runIf(isHere)('Pipedrive’s published specification', () => {
  const seen: Observed[] = [];
  const specs = new Map<string, OpenApi>();
  let sandbox: PipedriveSandbox | null = null;

  beforeAll(async () => {
    const overlay = JSON.parse(readFileSync(new URL('nullability-overlay.json', FOLDER), 'utf8')) as Overlay;
    for (const version of ['v1', 'v2'])
      specs.set(version, new OpenApi(new URL(`openapi-${version}.yaml`, FOLDER), relaxBy(overlay)));
    sandbox = await observedRun(seen);
  }, 120_000);
  afterAll(() => sandbox?.close());

  const found = (one: Observed): Operation | null => {
    const [, version = '', path = ''] = /^\/api\/(v[12])(\/.*)$/.exec(one.pathname) ?? [];
    return specs.get(version)?.operation(one.method, path) ?? null;
  };

  it('has every operation that the connector calls', () => {
    expect(
      new Set(seen.map((one) => `${one.method} ${one.pathname.replace(/\/\d+/g, '/{id}')}`)).size,
    ).toBeGreaterThan(14);
    expect(seen.filter((one) => found(one) === null).map((one) => `${one.method} ${one.pathname}`)).toEqual(
      [],
    );
  });

  it('allows every parameter that the connector sends, with its value', () => {
    const problems = seen.flatMap((one) => queryProblems(one, found(one)));
    expect([...new Set(problems)]).toEqual([]);
  });

  it('allows every body that the connector sends', () => {
    const writes = seen.filter((one) => one.requestBody !== null);
    expect(writes.length).toBeGreaterThan(20);
    const problems = writes.flatMap((one) => {
      const check = found(one)?.body;
      return check?.(one.requestBody)
        ? []
        : (check?.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
    });
    expect([...new Set(problems)]).toEqual([]);
  });

  it('describes every reply of the sandbox', () => {
    const replies = seen.filter((one) => one.status < 300);
    expect(replies.length).toBeGreaterThan(200);
    const problems = replies.flatMap((one) => {
      const operation = found(one);
      const body: unknown = JSON.parse(one.responseText);
      const stray = strayKeys(body, operation?.rowKeys ?? null).map(
        (key) => `${operation?.id}: invented key ${key}`,
      );
      if (operation?.reply?.(body)) return stray;
      const wrong = (operation?.reply?.errors ?? []).map(
        (error) => `${operation?.id} ${error.instancePath.replace(/\d+/g, 'n')} ${error.message}`,
      );
      return [...stray, ...wrong];
    });
    expect([...new Set(problems)]).toEqual([]);
  });

  it('prices every call as the connector’s ledger does', () => {
    const costs = readFileSync(new URL('token-costs.tsv', FOLDER), 'utf8')
      .split('\n')
      .map((line) => line.split('\t'));
    const priced = new Map(costs.map(([, method, path, tokens]) => [`${method} ${path}`, Number(tokens)]));
    for (const entry of sandbox?.journal.entries() ?? []) {
      const path = entry.path.replace('{code}', '{field_code}');
      expect([path, entry.tokens]).toEqual([path, priced.get(`${entry.method} ${path}`)]);
    }
    const asked = sandbox?.summary().tokens;
    expect(ledgerTokens.sum).toBe(asked);
  });
});

const ledgerTokens = { sum: 0 };

/** Everything the connector does, once, on the seeded company. */
async function observedRun(seen: Observed[]): Promise<PipedriveSandbox> {
  const asOf = Temporal.PlainDate.from('2026-11-23');
  const { script } = seededCompany({ seed: 'conformance', locale: 'fr', asOf });
  const world = worldAt(script, asOf.toZonedDateTime(script.account.zone).toInstant());
  const sandbox = await startPipedriveSandbox({
    world,
    limits: { burst: 1_000_000 },
    observe: (one) => seen.push(one),
  });
  const session = createPipedriveConnector(virtualTime()).open({
    accessToken: async () => sandbox.token,
    baseUrl: sandbox.url,
    logger: logBook(),
  });
  const landed = new Landed();
  await session.readDirectory();
  const evidenceProperties = ['jalon_evidence_need', 'jalon_verbal_commitment_on'];
  await landed.pull(session, { evidenceProperties });
  sandbox.advance({ hours: 1 });
  const [first] = landed.present;
  if (first !== undefined) sandbox.edit.set('deal', first.id, { amount: '4200' });
  await landed.pull(session, { evidenceProperties });
  await session.ensureProperties(propertySpecs(defaultModel()));
  const writes = landed.present.slice(0, 30).map((deal) => writeFor(deal.id));
  for await (const _ of session.write(writes));
  await session.readBack(
    writes.map((write) => write.dealId),
    ['jalon_net_amount', 'jalon_milestone'],
  );
  const target = { url: 'https://jalon.example/webhooks/pipedrive', secret: 'a-secret-of-this-connection' };
  await session.registerWebhook(target);
  await session.registerWebhook(target);
  await session.removeWebhooks(target.url);
  sandbox.edit.shelve(landed.present[1]?.id ?? '');
  const hints = landed.present
    .slice(0, 3)
    .map(({ id }) => ({ dealId: id, modifiedAt: null, mergedInto: null }));
  await landed.readAgain(session, hints);
  ledgerTokens.sum = session.usage().tokens ?? 0;
  return sandbox;
}

function writeFor(id: string): DealWrite {
  const values = new Map<PropertyKey, string>([
    ['jalon_milestone', 'need'],
    ['jalon_weight', '25'],
    ['jalon_net_amount', '1234.50'],
    ['jalon_milestone_since', '2026-11-02'],
    ['jalon_missing_evidence', ''],
    ['jalon_pace', 'stuck'],
  ]);
  return { dealId: asId<DealId>(id), currency: 'EUR' as DealWrite['currency'], values };
}

function queryProblems(one: Observed, operation: Operation | null): string[] {
  return [...one.query].flatMap(([name, value]) => {
    const parameter = operation?.parameters.find(
      (candidate) => candidate.in === 'query' && candidate.name === name,
    );
    if (parameter === undefined) return [`${one.method} ${one.pathname}: no parameter ${name}`];
    const { type, enum: allowed } = parameter.schema as { type?: string; enum?: readonly string[] };
    if (type === 'integer' && !/^\d+$/.test(value)) return [`${name}: ${value} is no integer`];
    const parts = name === 'status' || name === 'include_fields' ? value.split(',') : [value];
    const stray = allowed === undefined ? [] : parts.filter((part) => !allowed.includes(part));
    return stray.map((part) => `${name}: ${part} is not one of ${String(allowed)}`);
  });
}

/** Keys of rows that neither the schema nor the example shows. Two come by include_fields. */
function strayKeys(body: unknown, known: ReadonlySet<string> | null): string[] {
  const shown = (body as { data?: unknown }).data;
  if (known === null || !Array.isArray(shown)) return [];
  const keys = new Set(
    shown.flatMap((row: unknown) => (typeof row === 'object' && row !== null ? Object.keys(row) : [])),
  );
  return [...keys].filter(
    (key) => !known.has(key) && !['last_incoming_mail_time', 'products_count'].includes(key),
  );
}
