/** The web face: security headers, who may look, one router per subject, and one place that turns an error into a page. */
import express, { type ErrorRequestHandler, type Express } from 'express';
import helmet from 'helmet';
import { WEB_ASSETS_FOLDER, WEB_ASSETS_PATH } from '../web/render.ts';
import { requireAccess } from './access.ts';
import type { HttpContext } from './context.ts';
import { digestWatch } from './digest-watch.ts';
import { csvRoutes } from './routes/csv.ts';
import { dealRoutes } from './routes/deal.ts';
import { digestRoutes } from './routes/digest.ts';
import { digestSettingsRoutes } from './routes/digest-settings.ts';
import { digestsRoutes } from './routes/digests.ts';
import { forecastRoutes } from './routes/forecast.ts';
import { freezeRoutes } from './routes/freeze.ts';
import { gapRoutes } from './routes/gap.ts';
import { healthRoutes } from './routes/health.ts';
import { oneToOneRoutes } from './routes/one-to-one.ts';
import { reliabilityRoutes } from './routes/reliability.ts';
import { reviewRoutes } from './routes/review.ts';
import { webhookRoutes } from './routes/webhooks.ts';
import { snapshotLines } from './snapshot-lines.ts';
import { weekForecasts } from './week-forecasts.ts';

const ASSET_MAX_AGE_MS = 3_600_000;
const BODY_LIMIT = '16kb';

export function createApp(given: HttpContext): Express {
  const watch = digestWatch(given);
  const context: HttpContext = { ...given, missingDigests: watch.names };
  const app = express();
  app.disable('x-powered-by');
  app.use(
    helmet({
      contentSecurityPolicy: { useDefaults: false, directives: CSP },
      referrerPolicy: { policy: 'no-referrer' },
      xFrameOptions: { action: 'sameorigin' },
    }),
  );
  app.use(WEB_ASSETS_PATH, express.static(WEB_ASSETS_FOLDER, { maxAge: ASSET_MAX_AGE_MS, index: false }));
  app.use((_request, response, next) => {
    response.set('Cache-Control', 'no-store');
    next();
  });
  app.use(healthRoutes(context));
  if (context.webhooks !== undefined) app.use(webhookRoutes(context, context.webhooks));
  app.use(express.urlencoded({ extended: false, limit: BODY_LIMIT }));
  app.use(digestSettingsRoutes(context));
  app.use(requireAccess(context.config.accessToken));
  app.use(watch.look);
  const lines = snapshotLines();
  const weeks = weekForecasts();
  app.use(forecastRoutes(context, weeks));
  app.use(dealRoutes(context, lines));
  app.use(reviewRoutes(context, lines));
  app.use(oneToOneRoutes(context, lines));
  app.use(gapRoutes(context));
  app.use(freezeRoutes(context, lines));
  app.use(csvRoutes(context, weeks));
  app.use(reliabilityRoutes(context));
  app.use(digestRoutes(context));
  app.use(digestsRoutes(context));
  app.use((_request, response) => {
    response.status(404).type('text').send('404');
  });
  app.use(lastResort(context));
  return app;
}

/** Nothing from elsewhere, no script, no inline style. A digest in its frame brings its own, looser policy (routes/digest.ts). */
const CSP = {
  defaultSrc: ["'none'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'"],
  fontSrc: ["'self'"],
  frameSrc: ["'self'"],
  formAction: ["'self'"],
  baseUri: ["'none'"],
  frameAncestors: ["'self'"],
};

/** Says nothing of what went wrong to the outside; the log names the error and not its text, which could hold a customer's words. */
function lastResort({ logger }: HttpContext): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const status = statusOf(error);
    logger.error('request failed', {
      method: request.method,
      status,
      error: error instanceof Error ? error.name : 'unknown',
    });
    response.status(status).type('text').send(String(status));
  };
}

function statusOf(error: unknown): number {
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : 500;
  return typeof status === 'number' && status >= 400 && status < 600 ? status : 500;
}
