import type { Size } from '../../boxes/formats.ts';
import type { GraphPort } from '../../detection/families/family.ts';
import { measureGraph } from '../../detection/foreign/measure-graph.ts';
import { drawDiagram } from '../../drawing/diagram.ts';
import { checkPicture, saveCanvas } from '../../drawing/save.ts';
import type { NodeCost } from '../../executors/onnx/cost/graph-cost.ts';
import { describeRecipe } from '../../image/recipe/describe-recipe.ts';
import type { InputRecipe } from '../../image/recipe/recipe.ts';
import { type LicenseVerdict, licenseVerdict } from '../../models/license.ts';
import { modelFile } from '../../models/load.ts';
import type { Provenance } from '../../models/model.ts';
import type { CalibrationPhoto } from '../../options/loading.ts';
import type { CalibrationTrial } from './calibrate-model.ts';
import { diagramGraph } from './diagram-graph.ts';
import { recognizeGraph } from './recognize-graph.ts';

/** Description and cost of an imported detector, for one image. */
export interface GraphReport {
  readonly kind: 'graph';
  /** Name of the file. */
  readonly name: string;
  /** Family, as `--as` accepts it. */
  readonly family: string;
  /** Display name of the family. */
  readonly title: string;
  /** Evidence for the family. */
  readonly evidence: string;
  /** Notes, one line each. */
  readonly notes: readonly string[];
  /** Results of each decoding on a labeled photo, best first. Missing without a photo. */
  readonly trials?: readonly CalibrationTrial[];
  /** License that the file names, or the usual one of the family. */
  readonly license: string;
  /** Whether the license is permissive. */
  readonly licenseVerdict: LicenseVerdict;
  /** Origin of the model, as far as the file states it. */
  readonly provenance: Provenance;
  /** How images are prepared. */
  readonly recipe: InputRecipe;
  /** The recipe in words. */
  readonly recipeInWords: string;
  /** Shape of the input: [channels, height, width]. */
  readonly input: readonly number[];
  /** Inputs of the graph. */
  readonly inputs: readonly Pick<GraphPort, 'name' | 'type' | 'shape'>[];
  /** Outputs of the graph. */
  readonly outputs: readonly Pick<GraphPort, 'name' | 'type' | 'shape'>[];
  /** Number of classes. */
  readonly classes: number;
  /** Names of the classes. */
  readonly classNames: readonly string[];
  /** Version of ONNX's operator set. */
  readonly opset: number;
  /** Program that wrote the file. */
  readonly producer: string;
  /** Number of parameters. */
  readonly parameters: {
    /** Weights, biases, and scales of norms. */
    readonly trainable: number;
    /** All parameters, with running statistics. */
    readonly total: number;
  };
  /** Multiply-accumulates for one image. */
  readonly macs: number;
  /** Twice the multiply-accumulates. */
  readonly flops: number;
  /** Elements read and written for one image. */
  readonly memoryAccess: number;
  /** Largest total size of feature maps in memory at once, in elements. */
  readonly activationMemory: number;
  /** Cost of each operator. */
  readonly layers: readonly NodeCost[];
  /** Operators that these numbers do not include. */
  readonly uncounted: readonly string[];
}

/** Options for reporting on an imported detector. */
export interface ReportGraphOptions extends CalibrationPhoto {
  /** Input size in pixels: a side or width and height. @default the graph's */
  readonly size?: number | Size | undefined;
  /** Family of an `.onnx` file, if the file does not show it. */
  readonly as?: string | undefined;
  /** File of class names, one per line. */
  readonly names?: string | undefined;
  /** Image of the graph to write. @default none */
  readonly diagram?: string | undefined;
}

/**
 * Reports on a detector from another library: an `.onnx` file, or the model file of an imported one.
 * @returns undefined for a model of another kind
 * @throws MicroYoloError if the file is damaged or its family unknown, or the image cannot be written
 */
export async function reportGraph(
  source: string,
  options: ReportGraphOptions = {},
): Promise<GraphReport | undefined> {
  const { diagram, ...asked } = options;
  const opened = await recognizeGraph(await modelFile(source), asked);
  if (!opened) return undefined;
  if (diagram !== undefined) await checkPicture(diagram);
  const { model, title, evidence, notes, trials } = opened;
  const { cost, file } = await measureGraph(model);
  const { nodes, parameters, ...rest } = cost;
  if (diagram !== undefined) {
    const outputs = file.outputs.map(({ name }) => name);
    await saveCanvas(await drawDiagram(model.name, diagramGraph(nodes, outputs)), diagram);
  }
  const license = model.provenance['license'] ?? 'unknown';
  const { name, decoder, recipe, classes, provenance, input } = model;
  return {
    kind: 'graph',
    name,
    family: decoder.family,
    title,
    evidence,
    notes,
    ...(trials && { trials }),
    license,
    licenseVerdict: licenseVerdict(license),
    provenance,
    recipe,
    recipeInWords: describeRecipe(recipe),
    input: [3, input.height, input.width],
    inputs: file.inputs,
    outputs: file.outputs,
    classes: classes.length,
    classNames: classes,
    opset: Number(
      file.proto.opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx')?.version ?? 0,
    ),
    producer: [file.producer, file.proto.producerVersion].filter((word) => word !== '').join(' '),
    parameters: { trainable: parameters, total: parameters },
    ...rest,
    flops: 2 * rest.macs,
    layers: nodes,
  };
}
