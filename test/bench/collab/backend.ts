import type { ServerName } from './job.ts';
import { hocuspocusBackend } from './backends/hocuspocus.ts';
import { taleloomBackend } from './backends/taleloom.ts';
import { yWebsocketBackend } from './backends/y-websocket.ts';

/** How one client speaks to one document: an address, and the little in which a server's framing differs. */
export interface Wire {
  url: string;
  headers?: Record<string, string>;
  /** Sent as they are when the socket opens, before the sync begins. */
  greetings: Uint8Array[];
  /** From a y-websocket message to this server's. */
  frame(message: Uint8Array): Uint8Array;
  /** From this server's message to a y-websocket message. */
  unframe(message: Uint8Array): Uint8Array;
}

/** A fresh shared document with a root text `text`. */
export interface BenchDocument {
  /** The way in for one of its writers; several clients may share it. Writer 0 may remove anybody's words. */
  wireFor(writer: number): Promise<Wire>;
  close(): void;
}

/** Creates documents on a running server. */
export interface Backend {
  openDocument(writers: number): Promise<BenchDocument>;
}

/** The backend of a server at `url` (`http://host:port`). */
export function backendOf(server: ServerName, url: string): Backend {
  switch (server) {
    case 'taleloom':
      return taleloomBackend(url);
    case 'y-websocket-server':
      return yWebsocketBackend(url);
    case 'hocuspocus':
      return hocuspocusBackend(url);
  }
}
