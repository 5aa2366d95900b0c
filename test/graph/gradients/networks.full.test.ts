import { test } from 'vitest';
import { expectGradientsOfSlope } from './networks.ts';

test('the gradients of yolov3-tiny match the slope of its loss', () => expectGradientsOfSlope('yolov3-tiny'));
