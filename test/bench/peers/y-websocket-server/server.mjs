/**
 * The reference Yjs server as its own `server.js` runs it, on a free port and with LevelDB storage.
 * Environment: YPERSISTENCE, the folder of the database (read by `@y/websocket-server` itself).
 */
import http from 'node:http';
import WebSocket from 'ws';
import { setupWSConnection } from '@y/websocket-server/utils';

if (!process.env.YPERSISTENCE) throw new Error('YPERSISTENCE must name the folder of the database');

const sockets = new WebSocket.Server({ noServer: true });
sockets.on('connection', setupWSConnection);

const server = http.createServer((_request, response) => {
  response.writeHead(200, { 'Content-Type': 'text/plain' });
  response.end('okay');
});
server.on('upgrade', (request, socket, head) => {
  sockets.handleUpgrade(request, socket, head, (connection) => {
    sockets.emit('connection', connection, request);
  });
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
process.on('SIGTERM', () => process.exit(0));
