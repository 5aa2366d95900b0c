/**
 * Rounds the channels of a scaled layer as MobileNetV2 and its successors do: to the nearest multiple, but at most a
 * tenth below the exact number. For example, 0.35 × 32 = 11.2 → 16, because 8 would be too few.
 */
export function roundChannels(channels: number, multiple = 8): number {
  const nearest = Math.max(multiple, Math.floor((channels + multiple / 2) / multiple) * multiple);
  return nearest < 0.9 * channels ? nearest + multiple : nearest;
}
