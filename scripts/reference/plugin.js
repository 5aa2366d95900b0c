// Takes sentences for the API reference from existing sources: descriptions in schemas, and the names of union members.
import { Comment, Converter, ReflectionKind } from 'typedoc';
import ts from 'typescript';

/** The text of the outermost `.describe('…')` of a schema. */
function described(expression) {
  let node = expression;
  while (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
    const [text] = node.arguments;
    if (node.expression.name.text === 'describe' && text && ts.isStringLiteralLike(text)) return text.text;
    node = node.expression.expression;
  }
  return undefined;
}

/** Makes a sentence of a phrase: descriptions in `--help` begin in lowercase and end without a period. */
const sentence = (text) => `${text[0].toUpperCase()}${text.slice(1)}${/[.…]$/.test(text) ? '' : '.'}`;

/** Descriptions of event fields, for every event that has them. */
const EVENT_FIELDS = {
  boxes: 'Number of boxes.',
  cache: 'Where decoded images are kept.',
  detections: 'Number of detections.',
  device: 'Where it computes.',
  done: 'Number of images that an earlier run has done.',
  engine: 'What computes.',
  epoch: 'Number of the epoch, from 1.',
  error: 'Why it could not be used.',
  file: 'Path of the file.',
  folder: 'Path of the folder.',
  image: 'Path, address or name of the image.',
  images: 'Number of images.',
  kept: 'Whether it is kept in spite of the problem.',
  loading: 'Milliseconds that loading took.',
  message: 'What to know, in one line.',
  milliseconds: 'Time that it took.',
  objects: 'Number of objects.',
  path: 'Path of the file.',
  problem: 'What is wrong.',
  rounds: 'Number of rounds.',
  runtime: 'What computes, and where.',
  seconds: 'Time that it took.',
  settings: 'All settings, defaults filled in.',
  steps: 'Number of steps.',
  total: 'Number of images, if it is known.',
  waiting: 'Waiting for the batch.',
};

/** The name of the type that contains a reflection. */
function ownerOf(reflection) {
  let owner = reflection;
  while (owner.parent && !owner.parent.isProject() && owner.parent.kind !== ReflectionKind.Module)
    owner = owner.parent;
  return owner.name;
}

/** @returns {string | undefined} */
function sentenceOf(declaration) {
  if (ts.isPropertyAssignment(declaration)) {
    const text = described(declaration.initializer);
    return text === undefined ? 'The default of the option of this name.' : sentence(text);
  }
  if (ts.isShorthandPropertyAssignment(declaration)) return 'The default of the option of this name.';
  if (ts.isEnumMember(declaration)) return 'One of the choices.';
  // `{ type: 'started', … }`: the literal that identifies a member of a union.
  if (ts.isPropertySignature(declaration) && declaration.type && ts.isLiteralTypeNode(declaration.type)) {
    return `Tells this ${declaration.name.getText()} from the others.`;
  }
  return undefined;
}

export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_END, (context) => {
    for (const reflection of context.project.getReflectionsByKind(ReflectionKind.Property)) {
      if (reflection.hasComment()) continue;
      const declaration = context.getSymbolFromReflection(reflection)?.declarations?.[0];
      const text =
        (declaration && sentenceOf(declaration)) ??
        (ownerOf(reflection).endsWith('Event') ? EVENT_FIELDS[reflection.name] : undefined);
      if (text !== undefined) reflection.comment = new Comment([{ kind: 'text', text }]);
    }
  });
}
