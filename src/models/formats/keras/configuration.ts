import * as z from 'zod';

/** What is read of a Keras configuration: models hold layers, which may be models. */
interface Configuration {
  readonly config: {
    readonly name?: string | undefined;
    readonly layers?: readonly Configuration[] | undefined;
  };
}

const configurationSchema: z.ZodType<Configuration> = z.object({
  config: z.object({
    name: z.string().optional(),
    get layers() {
      return z.array(configurationSchema).optional();
    },
  }),
});

function namesIn({ config }: Configuration): readonly string[] {
  if (config.layers) return config.layers.flatMap(namesIn);
  return config.name === undefined ? [] : [config.name];
}

/**
 * Places of a model's layers in the order of execution by name, those of models inside the model among them.
 * @param text `model_config` of a whole model; a file of weights alone has none, and no places are known
 * @throws SyntaxError if it is no JSON
 */
export function executionOrder(text: unknown): ReadonlyMap<string, number> {
  if (typeof text !== 'string') return new Map();
  const parsed = configurationSchema.safeParse(JSON.parse(text));
  return new Map((parsed.success ? namesIn(parsed.data) : []).map((name, place) => [name, place]));
}
