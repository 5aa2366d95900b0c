export {
  alternate,
  type Contender,
  medianRatio,
  type Timings,
} from '../../src/foundation/timing/alternate.ts';
export { median } from '../../src/foundation/timing/median.ts';
