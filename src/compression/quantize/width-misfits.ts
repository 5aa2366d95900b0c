import { type Convolution, isDepthwise } from './convolutions.ts';

/** Channels that kernels of 8 bits take at once. */
const [LEAST_OUT, IN_STEP, OUT_STEP] = [16, 4, 8];

/**
 * Why a convolution's width slows the runtime's kernels of 8 bits down; undefined if it fits them.
 * @param block channels that the kernel of depthwise convolutions takes at once
 */
export function widthMisfit(convolution: Convolution, block: number): string | undefined {
  const { inChannels, outChannels, groups } = convolution;
  if (isDepthwise(convolution)) {
    return inChannels % block === 0 ? undefined : `${inChannels} channels, no multiple of ${block}`;
  }
  const [taken, given] = [inChannels / groups, outChannels / groups];
  if (taken % IN_STEP !== 0) return `${taken} channels in, no multiple of ${IN_STEP}`;
  if (given < LEAST_OUT) return `${given} channels out, fewer than ${LEAST_OUT}`;
  return given % OUT_STEP === 0 ? undefined : `${given} channels out, not a multiple of ${OUT_STEP}`;
}
