import { readFileSync } from 'node:fs';
import { arch, platform } from 'node:os';

/** A processor's instructions for 8-bit integer products. */
export interface IntegerInstructions {
  /** Name for users: `AVX2 without VNNI`. */
  readonly name: string;
  /** Whether sums of two 8-bit products saturate at 16 bits. Undefined if unknown. */
  readonly saturates: boolean | undefined;
  /** Channels that the depthwise convolution kernel processes at once. */
  readonly depthwiseBlock: number;
}

/** Flags in `/proc/cpuinfo` for 8-bit products that are accumulated in 32 bits. */
const VNNI = ['avx512_vnni', 'avx_vnni', 'amx_int8'];

/** @param cpuinfo text of `/proc/cpuinfo`, or undefined if there is none */
export function instructionsOf(architecture: string, cpuinfo: string | undefined): IntegerInstructions {
  if (architecture === 'arm64') return { name: 'ARM', saturates: false, depthwiseBlock: 8 };
  const flags = new Set(/^flags\s*:(.*)$/m.exec(cpuinfo ?? '')?.[1]?.split(/\s+/) ?? []);
  if (architecture !== 'x64' || flags.size === 0) {
    return { name: `${architecture}, instructions unknown`, saturates: undefined, depthwiseBlock: 16 };
  }
  const vnni = VNNI.find((flag) => flags.has(flag));
  const width = ['avx512f', 'avx2', 'avx'].find((flag) => flags.has(flag)) ?? 'SSE';
  const name = `${width === 'avx512f' ? 'AVX-512' : width.toUpperCase()} ${vnni === undefined ? 'without' : 'with'} VNNI`;
  return { name, saturates: vnni === undefined, depthwiseBlock: 16 };
}

/** Returns this machine's instructions for 8-bit integers. On x64, they are unknown unless the system is Linux. */
export function integerInstructions(): IntegerInstructions {
  return instructionsOf(arch(), platform() === 'linux' ? readFileSync('/proc/cpuinfo', 'utf8') : undefined);
}
