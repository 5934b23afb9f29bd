// What both ends of the sockets have to agree on, free of imports: the web client takes it without the schemas.

/** Raised whenever the meaning of a message changes; client and server compare it at `session:welcome`. */
export const PROTOCOL_VERSION = 1;

/** Close codes of both sockets; y-websocket reconnects after all of them unless the client stops it. */
export const CLOSE = {
  /** Reconnect with the same ticket: the server goes away or reloads the session. */
  restart: 1012,
  tooSlow: 1013,
  frameTooLarge: 1009,
  ticketInvalid: 4401,
  forbidden: 4403,
  documentUnknown: 4404,
  /** Role changed, removed or replaced: join again. */
  rejoin: 4409,
  /** The update broke a rule: throw the local document away and open it again. */
  updateRefused: 4422,
  storageUnavailable: 4503,
} as const;

/**
 * Message type of the document socket by which the server tells a client that asked with `acks=1` how
 * many of its sync messages (step 2 and updates) on this connection are durable: type, then one varuint.
 */
export const ACK_MESSAGE_TYPE = 100;
