type XmlObject = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is XmlObject => typeof value === 'object' && value !== null;
const numberOf = (value: unknown) =>
  typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;

/** Reads the points of `<polygon>`, written as `<x1>`, `<y1>`, `<x2>` …, or as `<pt>` with `<x>` and `<y>`. */
function pointsOf(polygon: XmlObject): { readonly xs: readonly number[]; readonly ys: readonly number[] } {
  const { pt } = polygon;
  const points = [pt].flat().filter(isObject);
  const numbered = (axis: string) =>
    Object.entries(polygon).flatMap(([tag, value]) =>
      new RegExp(`^${axis}\\d+$`).test(tag) ? [numberOf(value)] : [],
    );
  if (points.length === 0) return { xs: numbered('x'), ys: numbered('y') };
  return { xs: points.map(({ x }) => numberOf(x)), ys: points.map(({ y }) => numberOf(y)) };
}

/** Bounding box of an outline, in the form of a `<bndbox>`; `undefined` if there is no outline. */
export function boxAround({ polygon }: XmlObject): XmlObject | undefined {
  if (!isObject(polygon)) return undefined;
  const { xs, ys } = pointsOf(polygon);
  if (xs.length < 3 || xs.length !== ys.length) return undefined;
  const text = (value: number) => String(value);
  return {
    xmin: text(Math.min(...xs)),
    ymin: text(Math.min(...ys)),
    xmax: text(Math.max(...xs)),
    ymax: text(Math.max(...ys)),
  };
}
