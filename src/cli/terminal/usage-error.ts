const PHOTO = /\.(jpe?g|png|webp|gif|avif|tiff?)$/i;

/** Names that other programs use, and ours. */
const OURS: Readonly<Record<string, string>> = {
  '--threshold': '--score-threshold',
  '--thresh': '--score-threshold',
  '--tresh': '--score-threshold',
  '--treshold': '--score-threshold',
  '--conf': '--score-threshold',
  '--confidence': '--score-threshold',
  '--min-score': '--score-threshold',
  '--imgsz': '--size',
  '--img-size': '--size',
  '--input-size': '--size',
  '--batch-size': '--batch',
  '--lr': '--learning-rate',
  '--output': '--out',
  '--class': '--classes',
  '--label': '--classes',
  '--labels': '--classes',
  '--max-det': '--max-detections',
  '--save-txt': '--yolo-txt',
  '--save-crop': '--crop',
};

/** Adds what was probably meant to a message of the command line's parser, if the message names nothing. */
export function withSuggestion(message: string): string {
  const [, option] = /unknown option '(--[\w-]+)'/.exec(message) ?? [];
  const ours = option === undefined ? undefined : OURS[option];
  const [, command = ''] = /unknown command '(.+)'/.exec(message) ?? [];
  const meant = ours ?? (PHOTO.test(command) ? `micro-yolo detect ${command}` : undefined);
  if (meant === undefined) return message;
  return message.replace(/\n\(Did you mean .*\?\)/, '').replace(/'\n/, `'\n(Did you mean ${meant}?)\n`);
}
