import { Router } from 'express';
import { z } from 'zod';
import { dateIn } from '../../core/calendar.ts';
import type { Manager } from '../../core/manager.ts';
import { renderDigestSettings } from '../../web/digest-settings.ts';
import type { HttpContext } from '../context.ts';
import { readLinkToken } from '../link-token.ts';

/** The one-click form of RFC 8058, and the buttons of the page. */
const form = z.union([
  z.object({ 'List-Unsubscribe': z.literal('One-Click') }).transform(() => ({ choice: 'off' as const })),
  z.strictObject({ choice: z.enum(['on', 'off']) }),
  z.strictObject({ choice: z.literal('pause'), weeks: z.coerce.number().int().min(1).max(26) }),
]);

type Choice = z.output<typeof form>;

/** Reached from a mail, without signing in: the signed address names one person and opens nothing else. GET changes nothing, because mail scanners follow links. */
export function digestSettingsRoutes(context: HttpContext): Router {
  const router = Router();
  router.get('/digest-settings/:token', async (request, response) => {
    const manager = await managerOf(context, request.params.token);
    if (manager === null) response.status(404).type('text').send('404');
    else response.type('html').send(renderDigestSettings(manager, null));
  });
  router.post('/digest-settings/:token', async (request, response) => {
    const choice = form.safeParse(request.body);
    const manager = choice.success ? await choose(context, request.params.token, choice.data) : null;
    if (!choice.success) response.status(400).type('text').send('400');
    else if (manager === null) response.status(404).type('text').send('404');
    else response.type('html').send(renderDigestSettings(manager, choice.data.choice));
  });
  return router;
}

async function managerOf({ store, key }: HttpContext, token: string): Promise<Manager | null> {
  const subject = readLinkToken(token, key);
  if (subject === null) return null;
  const managers = await store.inTenant(subject.tenantId, (tenant) => tenant.settings.managers());
  return managers.find((manager) => manager.id === subject.managerId) ?? null;
}

async function choose(context: HttpContext, token: string, choice: Choice): Promise<Manager | null> {
  const subject = readLinkToken(token, context.key);
  if (subject === null) return null;
  const now = context.clock.now();
  return await context.store.inTenant(subject.tenantId, async (tenant) => {
    const managers = await tenant.settings.managers();
    const before = managers.find((manager) => manager.id === subject.managerId);
    if (before === undefined) return null;
    const after = withChoice(before, choice, dateIn(before.zone, now));
    await tenant.settings.saveManagers(
      managers.map((manager) => (manager.id === before.id ? after : manager)),
    );
    await tenant.audit.append({
      at: now,
      by: before.id,
      action: 'digest_choice',
      subject: before.id,
      before: { digest: before.digest, pausedUntil: before.digestPausedUntil },
      after: { digest: after.digest, pausedUntil: after.digestPausedUntil },
    });
    return after;
  });
}

function withChoice(manager: Manager, choice: Choice, today: Temporal.PlainDate): Manager {
  if (choice.choice === 'pause')
    return { ...manager, digest: 'on', digestPausedUntil: today.add({ weeks: choice.weeks }) };
  return { ...manager, digest: choice.choice, digestPausedUntil: null };
}
