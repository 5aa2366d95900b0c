import type { Node } from '../../../graph/operations.ts';
import type { FilterForm } from './conv-grad-filter.ts';

/** Form of each gradient, by `gradientKey`. It is stored with a run, because each form rounds differently. */
export type Choices = Readonly<Record<string, FilterForm>>;

/** What distinguishes the gradients of filters that may need different forms. */
export function gradientKey({ operation, inputs, outputs }: Node): string {
  if (operation.op !== 'convGradFilter') return '';
  const { stride, groups } = operation;
  return `filter ${outputs[0]!.shape.join('×')} of ${inputs[0]!.shape.join('×')}, stride ${stride}, groups ${groups}`;
}

/** Chooses the form of each gradient: the one wanted, else the first that can compute it. */
export class FormChooser {
  readonly #wanted: Choices;
  /** The form of each gradient that has several, and all it could have. */
  readonly chosen: Record<string, FilterForm> = {};
  readonly possible: Record<string, readonly FilterForm[]> = {};

  constructor(wanted: Choices) {
    this.#wanted = wanted;
  }

  choose(node: Node, forms: readonly FilterForm[]): FilterForm | undefined {
    const key = gradientKey(node);
    const wanted = this.#wanted[key];
    const form = wanted && forms.includes(wanted) ? wanted : forms[0];
    if (form && forms.length > 1) {
      this.chosen[key] = form;
      this.possible[key] = forms;
    }
    return form;
  }
}
