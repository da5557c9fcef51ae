import { Router } from 'express';
import type { HttpContext } from '../context.ts';

/** /healthz: the process answers. /readyz: the database answers too, and has this version's schema. */
export function healthRoutes({ store }: HttpContext): Router {
  const router = Router();
  router.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' });
  });
  router.get('/readyz', async (_request, response) => {
    try {
      await store.system.ready();
      response.json({ status: 'ready' });
    } catch {
      response.status(503).json({ status: 'not_ready' });
    }
  });
  return router;
}
