/** What the encoder's thread is asked: the embedding of one text. */
export interface EncoderRequest {
  id: number;
  text: string;
}

/** What it answers; id 0 says that it is ready or, with a fault, that it cannot be. */
export type EncoderAnswer =
  { id: number; embedding: Float32Array } | { id: number; fault: string } | { id: 0; isReady: true };
