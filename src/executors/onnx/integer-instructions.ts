import { readFileSync } from 'node:fs';
import { arch, platform } from 'node:os';

/** What a processor multiplies whole numbers of 8 bits with. */
export interface IntegerInstructions {
  /** In words: `AVX2 without VNNI`. */
  readonly name: string;
  /** Whether sums of two products of 8 bits are cut at 16 bits; undefined if that is not known. */
  readonly saturates: boolean | undefined;
  /** Channels that a kernel of depthwise convolutions takes at once. */
  readonly depthwiseBlock: number;
}

/** Flags of `/proc/cpuinfo` for products of 8 bits summed in 32. */
const VNNI = ['avx512_vnni', 'avx_vnni', 'amx_int8'];

/** @param cpuinfo text of `/proc/cpuinfo`; undefined if there is none */
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

/** What this machine multiplies whole numbers with, as Linux tells; elsewhere unknown on x64. */
export function integerInstructions(): IntegerInstructions {
  return instructionsOf(arch(), platform() === 'linux' ? readFileSync('/proc/cpuinfo', 'utf8') : undefined);
}
