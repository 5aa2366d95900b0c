import type { OptimizeLine, OptimizeOutcome } from '../../../tasks/optimize/optimize-detector.ts';

const percent = (value: number) => `${(100 * value).toFixed(2)} %`;
const milliseconds = (value: number) => `${value.toFixed(2)} ms`;

type StepLine = Extract<OptimizeLine, { readonly type: 'step' }>;

function describeMove(move: StepLine['moves'][number]): string {
  switch (move.kind) {
    case 'width':
      return `${move.group} ${move.from} → ${move.to} channels`;
    case 'kernel':
      return `${move.layer} ${move.from}×${move.from} → ${move.to}×${move.to}`;
    case 'rank':
      return `${move.layer} in factors of rank ${move.ranks.join(', ')} (${move.method})`;
  }
}

export const WHY: Readonly<Record<OptimizeOutcome['why'], string>> = {
  target: 'the time is reached',
  limit: 'further steps lose too much',
  smallest: 'no further change saves time',
  minutes: 'the time for steps ran out',
};

/** Text for a journal line, or undefined if it is not shown. */
export function describeLine(line: OptimizeLine): string | undefined {
  switch (line.type) {
    case 'start': {
      const form = line.precision === 'int8' ? '8 bits' : 'float';
      return `start: ${milliseconds(line.ms)}, AP50 ${percent(line.AP50)}; files compute in ${form}`;
    }
    case 'step': {
      const outcome = line.accepted ? 'kept' : 'undone';
      const moves = line.moves.map(describeMove).join('; ');
      return `step ${line.step} ${outcome}: ${moves}: ${milliseconds(line.predicted)} predicted, AP50 ${percent(line.AP50)}`;
    }
    case 'file': {
      const lost = line.within ? '' : ', more than the tolerance';
      return `${line.model}: ${milliseconds(line.ms)}, ${line.speedup.toFixed(2)} × as fast, AP50 ${percent(line.AP50)}${lost}`;
    }
    case 'stop':
      return `${WHY[line.why]}`;
    case 'extended':
      return 'more time: the search goes on';
    case 'tuned':
      return `trained: AP50 ${percent(line.AP50)}`;
    case 'pause':
    case 'done':
      return undefined;
  }
}
