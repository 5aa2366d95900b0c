/** Default folder for the pictures of `detect`. Its contents are not used as input images again. */
export const PICTURES_FOLDER = 'detections';
