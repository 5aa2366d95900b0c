export { RUNTIMES } from '../executors/names.ts';
export { ENGINES } from '../executors/step/names.ts';
