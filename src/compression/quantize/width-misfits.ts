import { type Convolution, isDepthwise } from './convolutions.ts';

/** Channels that 8-bit kernels process at once. */
const [LEAST_OUT, IN_STEP, OUT_STEP] = [16, 4, 8];

/**
 * Describes why a convolution's width slows down the runtime's 8-bit kernels. Undefined if it suits them.
 * @param block channels that the depthwise convolution kernel processes at once
 */
export function widthMisfit(convolution: Convolution, block: number): string | undefined {
  const { inChannels, outChannels, groups } = convolution;
  if (isDepthwise(convolution)) {
    return inChannels % block === 0 ? undefined : `${inChannels} channels, not a multiple of ${block}`;
  }
  const [taken, given] = [inChannels / groups, outChannels / groups];
  if (taken % IN_STEP !== 0) return `${taken} channels in, not a multiple of ${IN_STEP}`;
  if (given < LEAST_OUT) return `${given} channels out, fewer than ${LEAST_OUT}`;
  return given % OUT_STEP === 0 ? undefined : `${given} channels out, not a multiple of ${OUT_STEP}`;
}
