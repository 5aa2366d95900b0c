export { alternate, type Contender, median, medianRatio, type Timings } from '../../src/runtime/alternate.ts';
