/** The word to a monitor ("dead man's switch") that a Monday went well: it raises the alarm when it hears nothing. The address is a secret and is never told. */

const PATIENCE_MS = 10_000;

/** True when the monitor took the word (2xx); a redirect is no answer. */
export async function pingMonitor(url: string, signal: AbortSignal): Promise<boolean> {
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
    const reply = await fetch(url, { method: 'POST', redirect: 'manual', signal: limit });
    await reply.body?.cancel();
    return reply.ok;
  } catch {
    return false;
  }
}
