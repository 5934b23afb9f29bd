const framed = new WeakMap<Uint8Array, Buffer>();

/**
 * A payload as one unmasked, final binary WebSocket frame (RFC 6455, section 5.2). Remembered for as long as
 * the payload lives, so that a payload that goes to many peers is framed once.
 */
function binaryFrame(payload: Uint8Array): Buffer {
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

let last: { payloads: readonly Uint8Array[]; bytes: Buffer } | null = null;

/**
 * Several payloads as frames in one piece, for one write. A fan-out sends the same payloads to one peer after the
 * other, so the last piece is kept and used again.
 */
export function binaryFrames(payloads: readonly Uint8Array[]): Buffer {
  const [only] = payloads;
  if (payloads.length === 1 && only !== undefined) return binaryFrame(only);
  const isSame =
    last?.payloads.length === payloads.length && last.payloads.every((each, at) => each === payloads[at]);
  if (!isSame) last = { payloads, bytes: Buffer.concat(payloads.map(binaryFrame)) };
  return last?.bytes ?? Buffer.alloc(0);
}
