const framed = new WeakMap<Uint8Array, Buffer>();

/**
 * A payload as one unmasked, final binary WebSocket frame (RFC 6455, section 5.2). Remembered for as long as
 * the payload lives, so that a payload that goes to many peers is framed once.
 */
export function binaryFrame(payload: Uint8Array): Buffer {
  const known = framed.get(payload);
  if (known !== undefined) return known;
  const { length } = payload;
  const headerBytes = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(headerBytes + length);
  frame[0] = 0x82;
  if (headerBytes === 2) frame[1] = length;
  else if (headerBytes === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.set(payload, headerBytes);
  framed.set(payload, frame);
  return frame;
}
