import type { Anchor, Network } from '../../../network/layers.ts';

/**
 * Returns the anchors of all yolo layers, smallest first, as each [yolo] section lists them. Also returns which of them
 * belong to each layer.
 */
export function anchorTable(network: Network): {
  readonly anchors: readonly Anchor[];
  readonly masks: ReadonlyMap<string, readonly number[]>;
} {
  const heads = network.layers.filter((layer) => layer.type === 'yolo');
  const byText = new Map(
    heads.flatMap((head) => head.anchors.map((anchor) => [anchor.join(), anchor] as const)),
  );
  const anchors = [...byText.values()].toSorted((a, b) => a[0] * a[1] - b[0] * b[1]);
  const places = new Map(anchors.map((anchor, place) => [anchor.join(), place]));
  const masks = new Map(
    heads.map(({ name, anchors: own }) => [name, own.map((one) => places.get(one.join())!)]),
  );
  return { anchors, masks };
}
