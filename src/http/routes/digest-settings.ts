import { Router } from 'express';
import { z } from 'zod';
import { pausedUntil } from '../../../jobs/digest/digest-week.ts';
import type { Manager } from '../../core/deals/manager.ts';
import { dateIn, daysBetween } from '../../core/values/calendar.ts';
import { renderDigestSettings } from '../../web/digests/digest-settings.ts';
import type { HttpContext } from '../context.ts';
import { readLinkToken } from '../link-token.ts';

/** Longer is not a pause: who wants none for half a year turns it off. */
const MAX_PAUSE_WEEKS = 26;

/** The one-click form of RFC 8058, and the buttons of the page. */
const form = z.union([
  z.object({ 'List-Unsubscribe': z.literal('One-Click') }).transform(() => ({ choice: 'off' as const })),
  z.strictObject({ choice: z.enum(['on', 'off']) }),
  z.strictObject({ choice: z.literal('pause'), weeks: z.coerce.number().int().min(1).max(MAX_PAUSE_WEEKS) }),
  z.strictObject({
    choice: z.literal('pause'),
    until: z.iso.date().transform((text) => Temporal.PlainDate.from(text)),
  }),
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
    const possible = choice.success && isPossible(choice.data, context.clock.now());
    const manager = possible ? await choose(context, request.params.token, choice.data) : null;
    if (!possible) response.status(400).type('text').send('400');
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
    const after = withChoice(before, choice, now);
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

/** A pause that is over, or that nobody would remember, is a slip of the hand. */
function isPossible(choice: Choice, now: Temporal.Instant): boolean {
  if (!('until' in choice)) return true;
  const today = dateIn('UTC', now);
  const latest = today.add({ weeks: MAX_PAUSE_WEEKS });
  return daysBetween(today, choice.until) > 0 && daysBetween(choice.until, latest) >= 0;
}

function withChoice(manager: Manager, choice: Choice, now: Temporal.Instant): Manager {
  if (choice.choice !== 'pause') return { ...manager, digest: choice.choice, digestPausedUntil: null };
  const until = 'until' in choice ? choice.until : pausedUntil(manager.zone, choice.weeks, now);
  return { ...manager, digest: 'on', digestPausedUntil: until };
}
