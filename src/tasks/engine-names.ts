export { ENGINES } from '../engines/engine-names.ts';
export { RUNTIMES } from '../inference/runtime-names.ts';
