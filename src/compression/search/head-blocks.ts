import type { Block } from '../../network/blocks/block.ts';

/** Sides of the kernels to choose from. */
export const KERNELS = [3, 5, 7] as const;

const HEADS = {
  conv: { block: 'conv', kernel: 3 },
  dsconv: { block: 'dsconv', kernel: 5, linearDepthwise: true },
  mbconv: { block: 'mbconv', kernel: 5, expand: 2, squeeze: { ratio: 4, of: 'input' } },
} as const satisfies Readonly<Record<string, Block>>;

/** Only for depthwise kernels, because the cost of dense kernels grows with the square of their side. */
export const hasDepthwise = (stage: { readonly block: string }) => ['dsconv', 'mbconv'].includes(stage.block);

/**
 * The blocks to choose from for a head, by name. The original one replaces the usual one of its kind.
 * @param isKernelChosen whether depthwise kernels are chosen together with the block
 */
export function headBlocks(
  original: Block | undefined,
  isKernelChosen: boolean,
): Readonly<Record<string, Block>> {
  const blocks: Readonly<Record<string, Block>> =
    original === undefined ? HEADS : { ...HEADS, [original.block]: original };
  if (!isKernelChosen) return blocks;
  const each = Object.entries(blocks).flatMap(([name, block]) =>
    hasDepthwise(block)
      ? KERNELS.map((kernel) => [`${name} ${kernel}×${kernel}`, { ...block, kernel }] as const)
      : [[name, block] as const],
  );
  return Object.fromEntries(each);
}
