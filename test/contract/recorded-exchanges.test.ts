/** Bodies as the vendors' pages and public records show them (developers.hubspot.com, HubSpot's and Pipedrive's issue threads). */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHubspotConnector } from '../../connectors/hubspot/index.ts';
import { createPipedriveConnector } from '../../connectors/pipedrive/index.ts';
import type { CrmSession } from '../../src/ports/connector.ts';
import { logBook } from '../support/log-book.ts';
import { type Recording, recordAt } from '../support/recorded-exchange.ts';
import { virtualTime } from '../support/virtual-time.ts';

const ACCOUNT = {
  portalId: 247187887,
  accountType: 'STANDARD',
  timeZone: 'US/Eastern',
  companyCurrency: 'USD',
  additionalCurrencies: [],
  utcOffset: '-05:00',
  uiDomain: 'app.hubspot.com',
};
const PIPELINES = {
  results: [
    {
      id: 'default',
      label: 'Sales Pipeline',
      displayOrder: 0,
      archived: false,
      createdAt: '1970-01-01T00:00:00Z',
      updatedAt: '2026-01-05T10:00:00Z',
      stages: [
        stage('contractsent', 'Contract sent', 0, { isClosed: 'false', probability: '0.9' }),
        stage('closedwon', 'Closed won', 1, { isClosed: 'true', probability: '1.0' }),
        // HubSpot's own audit example: a lost stage that says it is neither closed nor lost.
        stage('closedlost', 'Closed lost', 2, { isClosed: 'false', probability: '0.8' }),
      ],
    },
  ],
};
const ACTIVE = {
  results: [
    {
      id: '28604240',
      email: 'ada@example.com',
      type: 'PERSON',
      firstName: 'Ada',
      lastName: 'Byron',
      userId: 9586504,
      userIdIncludingInactive: 9586504,
      createdAt: '2025-01-05T10:00:00.000Z',
      updatedAt: '2026-01-05T10:00:00.000Z',
      archived: false,
      teams: [{ id: '368389', name: 'Enterprise', primary: true }],
    },
  ],
};
const LEFT = {
  results: [
    {
      ...ACTIVE.results[0],
      id: '28604241',
      firstName: 'Bob',
      userId: null,
      archived: true,
      teams: undefined,
    },
  ],
};

function stage(id: string, label: string, displayOrder: number, metadata: Record<string, string>) {
  return {
    id,
    label,
    displayOrder,
    metadata,
    archived: false,
    createdAt: '1970-01-01T00:00:00Z',
    updatedAt: '1970-01-01T00:00:00Z',
  };
}

const left = (query: Readonly<Record<string, unknown>>) => query['archived'] === 'true';
const present = (query: Readonly<Record<string, unknown>>) => !left(query);

let recording: Recording;
afterEach(() => recording.end());

describe('HubSpot, at its own address', () => {
  let hubspot: CrmSession;
  beforeEach(() => {
    recording = recordAt('https://api.hubapi.com');
    hubspot = createHubspotConnector(virtualTime()).open({
      accessToken: async () => 'recorded-token',
      logger: logBook(),
    });
  });

  const directory = () =>
    recording.reply(
      { path: '/crm/v3/pipelines/deals', status: 200, body: PIPELINES },
      { path: '/crm/v3/owners/', query: present, status: 200, body: ACTIVE },
      { path: '/crm/v3/owners/', query: left, status: 200, body: LEFT },
      { path: /^\/account-info\//, status: 200, body: ACCOUNT },
    );

  it('tells a directory with an owner who left and a lost stage that does not say so', async () => {
    directory();
    const { account, owners, teams, pipelines } = await hubspot.readDirectory();
    expect(account).toMatchObject({ externalId: '247187887', zone: 'US/Eastern', currency: 'USD' });
    expect(owners.map(({ name, active }) => [name, active])).toEqual([
      ['Ada Byron', true],
      ['Bob Byron', false],
    ]);
    expect(teams).toEqual([{ id: '368389', name: 'Enterprise' }]);
    expect(pipelines[0]?.stages.map(({ outcome }) => outcome)).toEqual([null, 'won', null]);
  });

  it.each([
    {
      name: 'the burst limit',
      body: {
        status: 'error',
        message: 'You have reached your ten_secondly_rolling limit.',
        errorType: 'RATE_LIMIT',
        correlationId: 'c033cdaa-2c40-4a64-ae48-b4cec88dad24',
        policyName: 'TEN_SECONDLY_ROLLING',
        groupName: 'publicapi:private_app-api-calls-ten-secondly:1:2',
      },
    },
    {
      name: 'the search limit, which names no policy',
      body: {
        status: 'error',
        message: 'You have reached your secondly limit.',
        correlationId: 'c033cdaa-2c40-4a64-ae48-b4cec88dad24',
        category: 'RATE_LIMITS',
      },
    },
  ])('is asked again after $name', async ({ body }) => {
    recording.reply({ path: '/crm/v3/pipelines/deals', status: 429, body });
    directory();
    expect((await hubspot.readDirectory()).pipelines).toHaveLength(1);
    expect(hubspot.usage()).toMatchObject({ rateLimited: 1, retries: 1 });
  });

  it('is left alone until the next day when the day is used up', async () => {
    const body = {
      status: 'error',
      message: 'You have reached your daily limit.',
      errorType: 'RATE_LIMIT',
      correlationId: 'c033cdaa-2c40-4a64-ae48-b4cec88dad24',
      policyName: 'DAILY',
      requestId: 'a43683b0-5717-4ceb-80b4-104d02915d8c',
    };
    recording.reply(
      { path: '/crm/v3/pipelines/deals', status: 429, body },
      { path: '/crm/v3/owners/', query: present, status: 200, body: ACTIVE },
      { path: '/crm/v3/owners/', query: left, status: 200, body: LEFT },
    );
    await expect(hubspot.readDirectory()).rejects.toMatchObject({
      code: 'CRM_DAILY_LIMIT',
      retry: { kind: 'after' },
    });
  });

  it('says which permission is missing, and that an admin must give it', async () => {
    const body = {
      status: 'error',
      message: 'This app hasn’t been granted all required scopes to make this call.',
      correlationId: 'c033cdaa-2c40-4a64-ae48-b4cec88dad24',
      errors: [
        {
          message: 'One or more of the following scopes are required.',
          context: { requiredGranularScopes: ['crm.objects.owners.read'] },
        },
      ],
      category: 'MISSING_SCOPES',
    };
    recording.reply(
      { path: '/crm/v3/pipelines/deals', status: 200, body: PIPELINES },
      { path: '/crm/v3/owners/', query: present, status: 403, body },
      { path: '/crm/v3/owners/', query: left, status: 200, body: LEFT },
    );
    await expect(hubspot.readDirectory()).rejects.toMatchObject({
      code: 'CRM_FORBIDDEN',
      whoMustAct: 'admin',
      message: expect.stringContaining('crm.objects.owners.read'),
    });
  });
});

describe('Pipedrive, at its own address', () => {
  beforeEach(() => {
    recording = recordAt('https://api.pipedrive.com');
  });

  it('is not knocked at again while Cloudflare shows its page', async () => {
    const page =
      '<!DOCTYPE html><html><head><title>Access denied | api.pipedrive.com used Cloudflare</title></head></html>';
    recording.reply({ path: /\/users\/me/, status: 403, body: page });
    const pipedrive = createPipedriveConnector(virtualTime()).open({
      accessToken: async () => 'recorded',
      logger: logBook(),
    });
    await expect(pipedrive.readDirectory()).rejects.toMatchObject({ name: 'ConnectorError', status: 403 });
  });
});
