import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Listening {
  readonly url: string;
  readonly port: number;
  /** Takes no more requests and breaks the open ones off. */
  close(): Promise<void>;
}

/** A server on 127.0.0.1 and nowhere else. Port 0: any free one. */
export async function listen(answer: RequestListener, wantedPort: number): Promise<Listening> {
  const server = createServer({ maxHeaderSize: 65_536, keepAliveTimeout: 65_000 }, answer);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(wantedPort, '127.0.0.1', () => resolve());
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
