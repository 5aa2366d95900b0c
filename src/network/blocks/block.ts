import type { Padding } from '../../foundation/padding.ts';
import type { Activation, NetworkBuilder } from '../builder.ts';
import { bottleneck } from './bottleneck.ts';
import { convBlock } from './conv-block.ts';
import { dsconv } from './dsconv.ts';
import { ghostBottleneck, ghostModule } from './ghost.ts';
import { type Expansion, mbconv } from './mbconv.ts';
import { pep } from './pep.ts';
import type { Shortcut } from './shortcut.ts';
import { shuffleV1Unit, shuffleV2Unit } from './shuffle-units.ts';
import type { Squeeze } from './squeeze-excite.ts';

/** A kind of block, for a row of a backbone's table or a place in a head. Each kind is documented at its function. */
export type Block = { readonly kernel: number } & (
  | {
      readonly block: 'conv';
      readonly norm?: boolean;
      readonly groups?: number;
      readonly padding?: Padding;
    }
  | {
      readonly block: 'dsconv';
      readonly depthMultiplier?: number;
      readonly linearDepthwise?: boolean;
      readonly shortcut?: Shortcut;
    }
  | {
      readonly block: 'mbconv';
      readonly expand?: Expansion;
      readonly squeeze?: Squeeze;
      readonly shortcut?: Shortcut;
      readonly projection?: Activation;
    }
  | { readonly block: 'bottleneck'; readonly narrow: number }
  | { readonly block: 'shuffleV1'; readonly groups: number; readonly firstGroups?: number }
  | { readonly block: 'shuffleV2' }
  | { readonly block: 'ghost' }
  | { readonly block: 'ghostBottleneck'; readonly expanded: number; readonly squeeze?: Squeeze }
  | { readonly block: 'pep'; readonly project: number }
);

export interface BlockPlace {
  readonly outChannels: number;
  readonly stride: number;
  readonly activation: Activation;
}

/** Appends a block. Its layers are named NAME.…. */
export function appendBlock(
  builder: NetworkBuilder,
  name: string,
  input: string,
  block: Block,
  place: BlockPlace,
): string {
  const { kernel } = block;
  switch (block.block) {
    case 'conv': {
      const { norm = true, groups = 1, padding } = block;
      return convBlock(builder, name, input, { ...place, kernel, norm, groups, padding });
    }
    case 'dsconv': {
      const { depthMultiplier, linearDepthwise, shortcut } = block;
      return dsconv(builder, name, input, { ...place, kernel, depthMultiplier, linearDepthwise, shortcut });
    }
    case 'mbconv': {
      const { expand: expansion, squeeze, shortcut, projection } = block;
      return mbconv(builder, name, input, { ...place, kernel, expansion, squeeze, shortcut, projection });
    }
    case 'bottleneck':
      return bottleneck(builder, name, input, { ...place, kernel, narrow: block.narrow });
    case 'shuffleV1': {
      const { groups, firstGroups } = block;
      return shuffleV1Unit(builder, name, input, { ...place, kernel, groups, firstGroups });
    }
    case 'shuffleV2':
      return shuffleV2Unit(builder, name, input, { ...place, kernel });
    case 'ghost':
      return ghostModule(builder, name, input, { ...place, kernel });
    case 'ghostBottleneck': {
      const { expanded, squeeze } = block;
      return ghostBottleneck(builder, name, input, { ...place, kernel, expanded, squeeze });
    }
    case 'pep':
      return pep(builder, name, input, { ...place, kernel, project: block.project });
  }
}
