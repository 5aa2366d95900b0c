import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { MicroYoloError, printableValue } from '../foundation/errors/errors.ts';

/** A color gradient along a line. */
export interface Gradient {
  addColorStop(share: number, color: string): void;
}

/** The part of the browser's 2D context that both canvas packages support and the drawings use. */
export interface Context2d {
  /** Color or gradient of filled shapes. */
  fillStyle: string | Gradient;
  /** Color of lines. */
  strokeStyle: string;
  /** Width of lines, in pixels. */
  lineWidth: number;
  /** Shape of corners between lines. */
  lineJoin: 'bevel' | 'miter' | 'round';
  /** Shape of line ends. */
  lineCap: 'butt' | 'round' | 'square';
  /** Font, as in CSS. */
  font: string;
  /** Opacity of everything drawn, 0–1. */
  globalAlpha: number;
  /** Horizontal position of text relative to its point. */
  textAlign: 'left' | 'center' | 'right';
  /** Vertical position of text relative to its point. */
  textBaseline: 'top' | 'middle' | 'bottom' | 'alphabetic';
  /** Fills a rectangle. */
  fillRect(x: number, y: number, width: number, height: number): void;
  /** Outlines a rectangle. */
  strokeRect(x: number, y: number, width: number, height: number): void;
  /** Starts a path. */
  beginPath(): void;
  /** Moves the pen without drawing. */
  moveTo(x: number, y: number): void;
  /** Adds a straight line to the path. */
  lineTo(x: number, y: number): void;
  /** Adds a cubic curve to the path. */
  bezierCurveTo(x1: number, y1: number, x2: number, y2: number, x: number, y: number): void;
  /** Joins the path's end to its start. */
  closePath(): void;
  /** Draws the path's outline. */
  stroke(): void;
  /** Fills the path. */
  fill(rule?: 'nonzero' | 'evenodd'): void;
  /** Restricts drawing to the inside of the path. */
  clip(rule?: 'nonzero' | 'evenodd'): void;
  /** Saves the settings for `restore`. */
  save(): void;
  /** Restores the settings that `save` saved. */
  restore(): void;
  /** Creates a gradient along a line. */
  createLinearGradient(x1: number, y1: number, x2: number, y2: number): Gradient;
  /** Draws text. */
  fillText(text: string, x: number, y: number): void;
  /** Measures text. */
  measureText(text: string): {
    /** Width in pixels. */
    readonly width: number;
  };
  /** Creates transparent pixels. */
  createImageData(
    width: number,
    height: number,
  ): {
    /** RGBA bytes, row-major. */
    readonly data: Uint8ClampedArray;
  };
  /** Copies pixels from the canvas. */
  getImageData(
    x: number,
    y: number,
    width: number,
    height: number,
  ): {
    /** RGBA bytes, row-major. */
    readonly data: Uint8ClampedArray;
  };
  /** Writes pixels to the canvas. */
  putImageData(
    image: {
      /** RGBA bytes, row-major. */
      readonly data: Uint8ClampedArray;
    },
    x: number,
    y: number,
  ): void;
}

/** An image to draw on. */
export interface Canvas {
  /** Width in pixels. */
  readonly width: number;
  /** Height in pixels. */
  readonly height: number;
  /** Returns the drawing context. */
  getContext(kind: '2d'): Context2d;
}

/** The font of all drawings. Bundled, so that pictures look the same on every machine, even without installed fonts. */
export const FONT = 'DejaVu Sans';

const CANVAS_PACKAGES = ['canvas', '@napi-rs/canvas'] as const;
/** Name of the npm package that draws. */
export type CanvasPackage = (typeof CANVAS_PACKAGES)[number];

type CreateCanvas = (width: number, height: number) => Canvas;

/** The part of node-canvas that is used. Its own types are missing if its installation failed. */
interface NodeCanvas {
  registerFont(path: string, font: { readonly family: string }): void;
  readonly createCanvas: CreateCanvas;
}

function fontPath(): string {
  const require = createRequire(import.meta.url);
  return join(dirname(require.resolve('dejavu-fonts-ttf/package.json')), 'ttf', 'DejaVuSans.ttf');
}

async function load(name: CanvasPackage): Promise<CreateCanvas> {
  if (name === 'canvas') {
    const { default: canvas } = (await import(name as string)) as { default: NodeCanvas };
    canvas.registerFont(fontPath(), { family: FONT });
    return canvas.createCanvas;
  }
  const canvas = await import('@napi-rs/canvas');
  canvas.GlobalFonts.registerFromPath(fontPath(), FONT);
  return (width, height) => canvas.createCanvas(width, height) as unknown as Canvas;
}

const loaded = new Map<string, Promise<CreateCanvas>>();

/** Longest side that node-canvas supports, in pixels. */
const MAX_SIDE = 32_767;

function checked(createCanvas: CreateCanvas): CreateCanvas {
  return (width, height) => {
    if (Math.max(width, height) <= MAX_SIDE) return createCanvas(width, height);
    throw new MicroYoloError(
      'invalid-argument',
      `a picture of ${width}×${height} pixels cannot be drawn, expected sides of at most ${MAX_SIDE}; shrink the image`,
    );
  };
}

/**
 * Loads node-canvas, or else @napi-rs/canvas. Called only when something is drawn, so that other programs need neither.
 * @param packages packages to try, in order
 * @returns a function that creates a canvas. It throws MicroYoloError `invalid-argument` if a side is too long
 * @throws MicroYoloError `unsupported` if none loads, `invalid-argument` for other packages
 */
export async function loadCanvas(
  packages: readonly CanvasPackage[] = CANVAS_PACKAGES,
): Promise<CreateCanvas> {
  if (
    !Array.isArray(packages) ||
    packages.length === 0 ||
    packages.some((name) => !CANVAS_PACKAGES.includes(name))
  ) {
    throw new MicroYoloError(
      'invalid-argument',
      `packages ${printableValue(packages)}: expected a list of ${CANVAS_PACKAGES.join(' or ')}`,
      { field: 'packages', received: packages },
    );
  }
  const problems: string[] = [];
  for (const name of packages) {
    const known = loaded.get(name) ?? load(name);
    loaded.set(name, known);
    try {
      return checked(await known);
    } catch (error) {
      problems.push(`${name}: ${String(error instanceof Error ? error.message : error).split('\n')[0]}`);
    }
  }
  throw new MicroYoloError(
    'unsupported',
    `nothing to draw with (${problems.join('; ')}); npm install @napi-rs/canvas`,
  );
}
