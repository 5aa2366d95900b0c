/** Where `detect` draws unless told; its pictures are no photographs to look at again. */
export const PICTURES_FOLDER = 'detections';
