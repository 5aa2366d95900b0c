/**
 * A process that runs the command line whenever run-cli.ts asks it to. Node and the package's modules start once here, which
 * takes a second, instead of once per test. Each run imports main.js again, in the folder and environment of its request.
 */
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const MAIN = new URL('../../dist/cli/main.js', import.meta.url);
const EVENTS = ['exit', 'warning', 'SIGINT', 'SIGTERM'];
let runs = 0;

/** Whether something besides the pipes to the parent keeps the process alive. */
const isBusy = () => process.getActiveResourcesInfo().some((kind) => kind !== 'PipeWrap');

/** Sets the environment of the process, variable by variable, because native code reads it too. */
function setEnvironment(environment) {
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  Object.assign(process.env, environment);
}

/** Removes a run's listeners after its exit handlers have run. */
function removeListeners(before, code) {
  for (const listener of process.rawListeners('exit')) {
    if (!before.exit.includes(listener)) listener.call(process, code);
  }
  for (const event of EVENTS) {
    for (const listener of process.rawListeners(event)) {
      if (!before[event].includes(listener)) process.removeListener(event, listener);
    }
  }
  for (const stream of [process.stdout, process.stderr]) stream.removeAllListeners('error');
}

const written = (stream, text) => new Promise((resolve) => stream.write(text, resolve));

process.on('message', async ({ args, cwd, environment, end }) => {
  const before = Object.fromEntries(EVENTS.map((event) => [event, process.rawListeners(event)]));
  process.chdir(cwd);
  setEnvironment(environment);
  process.argv = [process.execPath, fileURLToPath(MAIN), ...args];
  process.exitCode = undefined;
  await import(`${MAIN}?run=${++runs}`);
  // A process ends if nothing is left to do. If something always is, the test reaches its time limit.
  do await setTimeout(1);
  while (isBusy());
  const code = process.exitCode ?? 0;
  removeListeners(before, code);
  process.exitCode = undefined;
  await Promise.all([process.stdout, process.stderr].map((stream) => written(stream, end)));
  process.send(code);
});
process.on('disconnect', () => process.exit());
