import { elementCount } from '../../src/foundation/element-count.ts';
import type { Tensor, Tensors } from '../../src/graph/operations.ts';
import { networkSections } from '../../src/models/formats/darknet/network-sections.ts';
import { backboneNames } from '../../src/network/backbones/families.ts';
import { networkParameters } from '../../src/network/parameters.ts';
import { buildNetwork, detectorNames, headNames } from '../../src/network/registry.ts';

/** Any numbers will do. All networks share one array, because the largest would not fit into memory together. */
function anyWeights(network: ReturnType<typeof buildNetwork>): Tensors {
  const parameters = networkParameters(network);
  const largest = new Float32Array(Math.max(...parameters.map(({ shape }) => elementCount(shape))));
  return new Map(
    parameters.map(({ name, shape }): [string, Tensor] => [
      name,
      { shape, data: largest.subarray(0, elementCount(shape)) },
    ]),
  );
}

/** Why a network has no Darknet form; undefined if it has one. */
export function darknetObstacle(name: string): string | undefined {
  const network = buildNetwork(name, { size: 64 });
  try {
    networkSections(network, anyWeights(network));
    return undefined;
  } catch (error) {
    return (error as Error).message.replace(/; export with.*/, '');
  }
}

/** Which networks of the registry can be exported to Darknet: detectors, heads (on mobilenet-v2) and classifiers. */
export function darknetTable(): string {
  const rows = [
    ...detectorNames.map((name) => [`\`${name}\``, name] as const),
    ...headNames.map((head) => [`head \`${head}\``, `mobilenet-v2/${head}`] as const),
    ...backboneNames.map((name) => [`\`${name}\` as a classifier`, `${name}/classes`] as const),
  ].map(([shown, name]) => {
    const obstacle = darknetObstacle(name);
    return `| ${shown} | ${obstacle === undefined ? 'yes' : `no: ${obstacle}`} |`;
  });
  return ['| network | exports to Darknet |', '| --- | --- |', ...rows].join('\n');
}
