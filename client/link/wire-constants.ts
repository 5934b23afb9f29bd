import type * as protocol from '../../sessions/protocol.ts';

// Copies of three protocol constants, so that the page does not carry the schemas that stand beside them.
// Their types are the protocol's literal types: a copy that differs does not compile.

/** Close codes of both sockets. */
export const CLOSE: typeof protocol.CLOSE = {
  restart: 1012,
  tooSlow: 1013,
  frameTooLarge: 1009,
  ticketInvalid: 4401,
  forbidden: 4403,
  documentUnknown: 4404,
  rejoin: 4409,
  updateRefused: 4422,
  storageUnavailable: 4503,
};

/** Message type of durability acks on a document socket. */
export const ACK_MESSAGE_TYPE: typeof protocol.ACK_MESSAGE_TYPE = 100;

/** The protocol this page speaks. */
export const PROTOCOL_VERSION: typeof protocol.PROTOCOL_VERSION = 1;
