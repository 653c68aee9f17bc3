import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import sirv from 'sirv';

/** Only this machine can reach the page. */
const LOOPBACK = '127.0.0.1';

/** A served page. */
export interface PageServer {
  /** `http://127.0.0.1:4711/` */
  readonly address: string;
  close(): Promise<void>;
}

/**
 * Serves a folder on loopback, isolated from other pages, so that its workers may share memory. Port 0 is any that is free.
 * @throws {Error} with a `code` if the port cannot be had
 */
export async function servePage(folder: string, port: number): Promise<PageServer> {
  const serve = sirv(folder, {
    etag: true,
    brotli: true,
    gzip: true,
    setHeaders: (response) => {
      response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
      response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
      response.setHeader('Cache-Control', 'no-cache');
    },
  });
  const server = createServer((request, response) => {
    serve(request, response, () => {
      response.statusCode = 404;
      response.end('not found\n');
    });
  });
  await listen(server, port);
  const { port: taken } = server.address() as AddressInfo;
  return {
    address: `http://${LOOPBACK}:${taken}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, LOOPBACK, () => resolve());
  });
}
