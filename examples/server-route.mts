/**
 * A server that returns the objects in a photo:
 *
 *     npx tsx server-route.mts 8080
 *     curl --data-binary @photo.jpg http://localhost:8080/detect
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
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

/** Status code of an error: 400 if the image is at fault. */
function statusOf(error: unknown): number {
  if (error instanceof RangeError) return 413;
  return error instanceof MicroYoloError && error.code === 'invalid-file' ? 400 : 500;
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

const server = createServer(async (request, response) => {
  if (request.method !== 'POST' || request.url !== '/detect') {
    answer(response, 404, { error: 'expected POST /detect' });
    return;
  }
  // Nobody waits for the answer any more if the connection closes.
  const closed = new AbortController();
  response.on('close', () => closed.abort());
  try {
    const photo = await bodyOf(request);
    answer(response, 200, await detector.detect(photo, { signal: closed.signal }));
  } catch (error) {
    const status = statusOf(error);
    if (closed.signal.aborted || (status === 500 && !request.complete)) return;
    if (status === 500) console.error(error);
    answer(response, status, { error: status === 500 ? 'detection failed' : (error as Error).message });
  }
});
server.listen(Number(process.argv[2] ?? 8080), () => {
  const address = server.address();
  console.log(`listening on ${typeof address === 'object' ? address?.port : address}`);
});
