import { Command } from 'commander';
import { EVALUATE_OPTIONS, EVALUATED_OPTIONS } from '../../options/evaluate.ts';
import { DETECTOR_FLAGS } from '../../options/loading.ts';
import { addFlags, givenFlags } from '../flags/table-flags.ts';

export function valCommand(): Command {
  const command = new Command('val').description(
    'Measure the COCO mAP of a model, or of a results file, on a data set.',
  );
  return addFlags(command, { ...EVALUATE_OPTIONS, ...DETECTOR_FLAGS, ...EVALUATED_OPTIONS })
    .option('--json', 'print only JSON, at full precision')
    .addHelpText(
      'after',
      `
The defaults are the usual ones for mAP: nearly every box counts, up to 100 per image.

Examples:
  micro-yolo val --model model.safetensors --data val.json
  micro-yolo val --model model.safetensors --data val.json --report why/
  micro-yolo val --results detections.json --data instances_val2017.json --json`,
    )
    .action(async (raw: Record<string, unknown>, command: Command) => {
      const { runVal } = await import('./action.ts');
      process.exitCode = await runVal(raw, givenFlags(command));
    });
}
