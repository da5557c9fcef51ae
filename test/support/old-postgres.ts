import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';

/** A server that speaks just enough of Postgres' protocol to name its version: no machine of ours has one that is too old. */
export interface OldPostgres {
  readonly url: string;
  close(): Promise<void>;
}

/** postgresql.org/docs/current/protocol-message-formats.html */
export async function startOldPostgres(version: { number: string; text: string }): Promise<OldPostgres> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let greeted = false;
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      if (!greeted) {
        greeted = true;
        socket.write(Buffer.concat([message('R', int32(0)), READY]));
      } else if (chunk[0] === 'Q'.charCodeAt(0)) {
        socket.write(Buffer.concat([...versionRow(version), READY]));
      } else socket.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `postgres://somebody:very-secret@127.0.0.1:${port}/jalon`,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const OID_INT4 = 23;
const OID_TEXT = 25;

function versionRow({ number, text }: { number: string; text: string }): Buffer[] {
  const columns = [column('version', OID_INT4), column('text', OID_TEXT)];
  const values = [number, text].map((value) => Buffer.concat([int32(value.length), Buffer.from(value)]));
  return [
    message('T', Buffer.concat([int16(columns.length), ...columns])),
    message('D', Buffer.concat([int16(values.length), ...values])),
    message('C', cstring('SELECT 1')),
  ];
}

function column(name: string, oid: number): Buffer {
  return Buffer.concat([cstring(name), int32(0), int16(0), int32(oid), int16(-1), int32(-1), int16(0)]);
}

function message(type: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);
}

const READY = message('Z', Buffer.from('I'));

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function cstring(text: string): Buffer {
  return Buffer.from(`${text}\0`);
}
