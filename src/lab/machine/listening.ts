import { createServer, type Socket } from 'node:net';

/** A Unix socket that one peer connects to. */
export interface Listening {
  readonly path: string;
  /** The connection, once the peer is there; null when the socket was closed before. */
  readonly connected: Promise<Socket | null>;
  close(): void;
}

/** Listens before the peer is started, so that it finds us there. */
export async function listenOn(path: string): Promise<Listening> {
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
    server.once('error', reject);
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
