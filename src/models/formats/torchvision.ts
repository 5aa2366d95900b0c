import { MicroYoloError } from '../../foundation/errors/errors.ts';
import type { Tensor, Tensors } from '../../graph/operations.ts';
import type { Network } from '../../network/layers.ts';
import { networkParameters } from '../../network/parameters.ts';

/**
 * Parts of torchvision's classifiers, in execution order. Within a part, modules are numbered in execution order, like
 * our layers. So the tensors sorted by number match our parameters one by one.
 */
const PARTS = ['conv1', 'features', 'layers', 'stage2', 'stage3', 'stage4', 'conv5', 'classifier', 'fc'];

/** Tensors of a module, in our order. */
const FIELDS = ['weight', 'bias', 'running_mean', 'running_var'];

/** Returns the sort key of a name such as `features.2.conv.0.1.weight`: part, module numbers, field. */
function place(name: string): readonly (number | string)[] {
  const [part = '', ...modules] = name.split('.');
  const field = modules.pop() ?? '';
  const rank = (list: readonly string[], key: string) => {
    const index = list.indexOf(key);
    return index < 0 ? list.length : index;
  };
  const path = modules.map((module) => (/^\d+$/.test(module) ? Number(module) : module));
  return [rank(PARTS, part), ...path, rank(FIELDS, field)];
}

/** Compares two sort keys. Numbers come before text, and fields before the modules that follow. */
function compare(a: readonly (number | string)[], b: readonly (number | string)[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [x, y] = [a[i]!, b[i]!];
    if (x === y) continue;
    if (typeof x === 'number' && typeof y === 'number') return x - y;
    return String(x) < String(y) ? -1 : 1;
  }
  return a.length - b.length;
}

/** Returns the names of torchvision's tensors in execution order, without those that count batches. */
export function torchvisionOrder(names: Iterable<string>): readonly string[] {
  return [...names]
    .filter((name) => !name.endsWith('.num_batches_tracked'))
    .map((name) => ({ name, key: place(name) }))
    .sort((a, b) => compare(a.key, b.key))
    .map(({ name }) => name);
}

/**
 * Converts the weights of a torchvision classifier (its `state_dict`) to those of the same network in this library:
 * `mobilenet-v2` from mobilenet_v2, `mnasnet-b1` from mnasnet1_0, `shufflenet-v2:1` from shufflenet_v2_x1_0 …
 * @param network a classifier with the same number of classes
 * @param tensors by torchvision's names, in any order
 * @throws MicroYoloError `invalid-file` if they belong to another network
 */
export function fromTorchvision(network: Network, tensors: Tensors): Tensors {
  const names = torchvisionOrder(tensors.keys());
  const parameters = networkParameters(network);
  const isOther = (problem: string) =>
    new MicroYoloError(
      'invalid-file',
      `${problem}; pass weights of a torchvision model of the same kind, width and number of classes`,
    );
  if (names.length !== parameters.length) {
    throw isOther(`${names.length} tensors, ${network.name} has ${parameters.length}`);
  }
  return new Map(
    parameters.map(({ name, shape }, index): [string, Tensor] => {
      const source = names[index]!;
      const tensor = tensors.get(source)!;
      const isSameField = source.split('.').at(-1) === name.split('.').at(-1);
      if (!isSameField || tensor.shape.join() !== shape.join()) {
        throw isOther(
          `tensor ${source} of ${tensor.shape.join('×')}, ${network.name} has ${name} of ${shape.join('×')} there`,
        );
      }
      return [name, tensor];
    }),
  );
}
