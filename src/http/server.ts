import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApp } from './app.ts';
import type { HttpContext } from './context.ts';

export interface HttpServer {
  readonly url: string;
  close(): Promise<void>;
}

/** A client that takes longer than this for its headers is no reader. */
const HEADERS_TIMEOUT_MS = 10_000;

export async function startHttp(context: HttpContext, port: number): Promise<HttpServer> {
  const server = createServer({ headersTimeout: HEADERS_TIMEOUT_MS }, createApp(context));
  const { host } = context.config;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const bound = server.address() as AddressInfo;
  return {
    url: `http://${bound.family === 'IPv6' ? `[${bound.address}]` : bound.address}:${bound.port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
