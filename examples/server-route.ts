/**
 * A server that returns the objects in a photo:
 *
 *     npx tsx server-route.ts 8080
 *     curl --data-binary @photo.jpg http://localhost:8080/detect
 */
import { createServer, type IncomingMessage } from 'node:http';
import { loadDetector, MicroYoloError } from 'micro-yolo';

const MAX_BYTES = 20_000_000;

// In a worker thread: the server answers others meanwhile.
const detector = await loadDetector('micro-yolo-coco', { worker: true });

async function bodyOf(request: IncomingMessage): Promise<Uint8Array> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > MAX_BYTES) throw new RangeError(`expected at most ${MAX_BYTES} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

async function answer(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
  if (request.method !== 'POST' || request.url !== '/detect') {
    return { status: 404, body: { error: 'expected POST /detect' } };
  }
  try {
    return { status: 200, body: await detector.detect(await bodyOf(request)) };
  } catch (error) {
    if (error instanceof RangeError) return { status: 413, body: { error: error.message } };
    // A bad request: not an image, or a damaged or too large one.
    if (error instanceof MicroYoloError) return { status: 400, body: { error: error.message } };
    throw error;
  }
}

const server = createServer(async (request, response) => {
  const { status, body } = await answer(request);
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
});
server.listen(Number(process.argv[2] ?? 8080), () => {
  const address = server.address();
  console.log(`listening on ${typeof address === 'object' ? address?.port : address}`);
});
