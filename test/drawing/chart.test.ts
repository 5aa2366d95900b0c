import { expect, test } from 'vitest';
import { drawLineChart } from '../../src/drawing/chart.ts';

test('draws each line in its color, on white', async () => {
  const line = (name: string, color: string, slope: number) => ({
    name,
    color,
    points: [0, 1, 2, 3].map((x) => ({ x, y: slope * x })),
  });
  const series = [line('up', '#d55e00', 1), line('down', '#0072b2', -1)];
  const canvas = await drawLineChart({ title: 'lines', xTitle: 'x', yTitle: 'y', series }, 300, 200);
  const { data } = canvas.getContext('2d').getImageData(0, 0, 300, 200);
  const colors = new Map<string, number>();
  for (let i = 0; i < data.length; i += 4) {
    const color = `#${[...data.subarray(i, i + 3)].map((value) => value.toString(16).padStart(2, '0')).join('')}`;
    colors.set(color, (colors.get(color) ?? 0) + 1);
  }
  expect(colors.get('#d55e00')).toBeGreaterThan(50);
  expect(colors.get('#0072b2')).toBeGreaterThan(50);
  expect(colors.get('#ffffff')).toBeGreaterThan(30_000);
});
