import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { uniformRandom } from '../../foundation/random.ts';
import type { Stage } from '../../network/backbones/stages.ts';
import type { Block } from '../../network/blocks/block.ts';
import type { TinyDetectorLayout } from '../../network/detectors/tiny-detector.ts';
import { SPACES } from '../../options/search.ts';
import { hasDepthwise, headBlocks, KERNELS } from './head-blocks.ts';
import type { SpaceName } from './spaces.ts';

/** A choice that a candidate makes, and its possible values, which include that of the original layout. */
export interface Dimension {
  /** Name, such as `kernel of stage 3`. */
  readonly name: string;
  readonly values: readonly (number | string)[];
  /** Returns the layout with a value. */
  apply(candidate: SearchedLayout, value: number | string): SearchedLayout;
}

/** A detector's layout at an input size. */
export interface SearchedLayout {
  readonly layout: TinyDetectorLayout;
  /** Side of the square input, in pixels. */
  readonly size: number;
}

/** A candidate: one value per dimension. */
export type Candidate = readonly (number | string)[];

const WIDTHS = [0.75, 1, 1.25] as const;
const EXPANSIONS = [2, 3, 4, 6] as const;
/** Alternatives to the requested size: differences in pixels. */
const SIZE_STEPS = [-64, -32, 0, 32, 64] as const;

type BlockStage = Extract<Stage, { readonly out: number; readonly kernel: number }>;

const isBlock = (stage: Stage): stage is BlockStage => 'out' in stage && 'kernel' in stage;
/** A dimension that changes one stage. */
function ofStage(
  name: string,
  stage: number,
  values: readonly number[],
  change: (old: BlockStage, value: number) => Stage,
): Dimension {
  const apply: Dimension['apply'] = (candidate, value) => {
    const stages = candidate.layout.stages.map((old, at) =>
      at === stage && isBlock(old) ? change(old, Number(value)) : old,
    );
    return { ...candidate, layout: { ...candidate.layout, stages } };
  };
  return { name: `${name} of stage ${stage}`, values: [...new Set(values)].sort((a, b) => a - b), apply };
}

function ofHead(
  name: string,
  values: readonly (number | string)[],
  block: (value: number | string) => Block,
): Dimension {
  return {
    name,
    values,
    apply: (candidate, value) => {
      const head = { ...candidate.layout.head, spatial: block(value) };
      return { ...candidate, layout: { ...candidate.layout, head } };
    },
  };
}

function dimensionsOf(
  space: SpaceName,
  spaces: readonly SpaceName[],
  { layout, size }: SearchedLayout,
  block: number,
): readonly Dimension[] {
  const stages = layout.stages.flatMap((stage, at) => (isBlock(stage) ? [[stage, at] as const] : []));
  switch (space) {
    case 'kernels': {
      const kernels = stages
        .filter(([stage]) => hasDepthwise(stage))
        .map(([, at]) =>
          ofStage('kernel', at, KERNELS, (old, value) => ({
            ...old,
            kernel: value as (typeof KERNELS)[number],
          })),
        );
      const spatial = layout.head?.spatial;
      // Otherwise the kernel is chosen together with the head.
      if (!spatial || !hasDepthwise(spatial) || spaces.includes('heads')) return kernels;
      return [
        ...kernels,
        ofHead('kernel of the head', KERNELS, (value) => ({ ...spatial, kernel: Number(value) })),
      ];
    }
    case 'widths':
      return stages.map(([stage, at]) => {
        const rounded = (factor: number) => Math.max(block, Math.round((factor * stage.out) / block) * block);
        const values = WIDTHS.map((factor) => (factor === 1 ? stage.out : rounded(factor)));
        return ofStage('width', at, values, (old, value) => ({ ...old, out: value }));
      });
    case 'expansions':
      return stages.flatMap(([stage, at]) =>
        stage.block === 'mbconv'
          ? [
              ofStage('expansion', at, EXPANSIONS, (old, expand) =>
                old.block === 'mbconv' ? { ...old, expand } : old,
              ),
            ]
          : [],
      );
    case 'depths':
      return stages.flatMap(([{ repeat = 1 }, at]) =>
        repeat > 1
          ? [
              ofStage('depth', at, [repeat - 1, repeat, repeat + 1], (old, value) => ({
                ...old,
                repeat: value,
              })),
            ]
          : [],
      );
    case 'heads': {
      const blocks = headBlocks(layout.head?.spatial, spaces.includes('kernels'));
      return [ofHead('head', Object.keys(blocks), (value) => blocks[value]!)];
    }
    case 'size':
      return [
        {
          name: 'size',
          values: SIZE_STEPS.map((step) => size + step).filter((side) => side >= 64),
          apply: (candidate, value) => ({ ...candidate, size: Number(value) }),
        },
      ];
  }
}

/**
 * Returns the dimensions of search spaces for a layout.
 * @param block channels per block in the runtime's layout; widths are multiples of it
 * @throws MicroYoloError `invalid-argument` if there is nothing to choose
 */
export function searchDimensions(
  spaces: readonly SpaceName[],
  base: SearchedLayout,
  block: number,
): readonly Dimension[] {
  const ordered = SPACES.toReversed().filter((space) => spaces.includes(space));
  const found = ordered
    .flatMap((space) => dimensionsOf(space, spaces, base, block))
    .filter(({ values }) => values.length > 1);
  if (found.length > 0) return found;
  throw new MicroYoloError(
    'invalid-argument',
    `space ${spaces.join(', ')}: ${base.layout.name} has nothing to vary there; choose another of ${SPACES.join(', ')}`,
  );
}

/** Returns the layout of a candidate. */
export function candidateLayout(
  base: SearchedLayout,
  dimensions: readonly Dimension[],
  candidate: Candidate,
): SearchedLayout {
  return dimensions.reduce((layout, dimension, at) => dimension.apply(layout, candidate[at]!), base);
}

/** Returns all candidates, or the requested number of different ones, drawn with the seed. */
export function drawCandidates(
  dimensions: readonly Dimension[],
  most: number,
  seed: number,
): readonly Candidate[] {
  const count = dimensions.reduce((product, { values }) => product * values.length, 1);
  const nth = (place: number): Candidate => {
    let rest = place;
    return dimensions.map(({ values }) => {
      const value = values[rest % values.length]!;
      rest = Math.floor(rest / values.length);
      return value;
    });
  };
  if (count <= most) return Array.from({ length: count }, (_, place) => nth(place));
  const random = uniformRandom(seed);
  const places = new Set<number>();
  while (places.size < most) places.add(Math.floor(random() * count));
  return [...places].map(nth);
}
