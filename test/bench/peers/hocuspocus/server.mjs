/**
 * Hocuspocus with its SQLite extension, defaults otherwise, on a free port.
 * Environment: DATABASE, the database file.
 */
import { SQLite } from '@hocuspocus/extension-sqlite';
import { Server } from '@hocuspocus/server';

const database = process.env.DATABASE;
if (!database) throw new Error('DATABASE must name the database file');

const server = new Server({
  address: '127.0.0.1',
  port: 0,
  quiet: true,
  extensions: [new SQLite({ database })],
});
await server.listen();
console.log(`http://127.0.0.1:${server.address.port}`);
