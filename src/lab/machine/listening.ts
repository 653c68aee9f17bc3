import { createServer, type Socket } from 'node:net';
import { LabError } from '../labError.ts';

/** Bytes of a path that fit into Linux's `struct sockaddr_un`; of a longer one Node takes the beginning without a word. */
const LONGEST_PATH = 107;

/** A Unix socket that one peer connects to. */
export interface Listening {
  readonly path: string;
  /** The connection, once the peer is there; null when the socket was closed before. */
  readonly connected: Promise<Socket | null>;
  close(): void;
}

/**
 * Listens before the peer is started, so that it finds us there.
 *
 * @throws LabError where there can be no socket, or its path is too long for one
 */
export async function listenOn(path: string): Promise<Listening> {
  if (Buffer.byteLength(path) > LONGEST_PATH)
    throw new LabError(`${path} is too long for the path of a socket: set TMPDIR to a shorter folder`);
  const server = createServer();
  let connection: Socket | null = null;
  const connected = new Promise<Socket | null>((resolve) => {
    server.once('connection', (socket) => {
      connection = socket;
      // A peer that goes away shows as the end of the machine, never as an error of the socket.
      socket.on('error', () => socket.destroy());
      server.close();
      resolve(socket);
    });
    server.once('close', () => resolve(connection));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', ({ message }) => reject(new LabError(`no socket for the guest: ${message}`)));
    server.listen(path, resolve);
  });
  return {
    path,
    connected,
    close: () => {
      server.close();
      connection?.destroy();
    },
  };
}
