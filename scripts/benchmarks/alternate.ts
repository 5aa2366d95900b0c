export { median } from '../../src/median.ts';
export { alternate, type Contender, medianRatio, type Timings } from '../../src/runtime/alternate.ts';
