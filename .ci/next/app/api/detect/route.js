import { loadDetector, MicroYoloError } from 'micro-yolo';

export const runtime = 'nodejs';

let loading;

/** The detections of the image in the request's body, as JSON. */
export async function POST(request) {
  loading ??= loadDetector('micro-yolo-coco');
  try {
    const detector = await loading;
    return Response.json(await detector.detect(new Uint8Array(await request.arrayBuffer())));
  } catch (error) {
    if (error instanceof MicroYoloError) return Response.json({ error: error.message }, { status: 400 });
    throw error;
  }
}
