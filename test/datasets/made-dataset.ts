import { type AnnotationRow, annotationTable, type Dataset } from '../../src/datasets/dataset.ts';

/** A small data set: 20 images, every fourth without objects, and three classes. */
export function madeDataset(change: Partial<Dataset> = {}): Dataset {
  const images = Array.from({ length: 20 }, (_, place) => ({
    id: 100 + place,
    fileName: `${String.fromCharCode(97 + place)}.jpg`,
    width: 80,
    height: 60,
  }));
  const categories = [
    { id: 1, name: 'person' },
    { id: 17, name: 'cat' },
    { id: 18, name: 'dog' },
  ];
  const rows: AnnotationRow[] = images.flatMap(({ id }, image) =>
    image % 4 === 3
      ? []
      : [
          {
            id: id * 10,
            image,
            category: image % 3,
            box: [image, 2.5, 10.25, 20] as const,
            area: 100,
            crowd: image === 0,
            extra: { note: id },
          },
        ],
  );
  return {
    images,
    categories,
    annotations: annotationTable(rows),
    imageFolder: 'images',
    extra: {},
    ...change,
  };
}
