import { test } from 'vitest';
import { expectGradientsOfSlope } from './networks.ts';

test('the gradients of micro-yolo match the slope of its loss', () => expectGradientsOfSlope('micro-yolo'));
