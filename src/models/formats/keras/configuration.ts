import * as z from 'zod';

/** The parts of a Keras configuration that are read: models contain layers, which may be models. */
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
 * Returns the position of each layer in execution order, by name, including layers of nested models.
 * @param text `model_config` of a complete model; a weights-only file has none, and the result is empty
 * @throws SyntaxError if it is not valid JSON
 */
export function executionOrder(text: unknown): ReadonlyMap<string, number> {
  if (typeof text !== 'string') return new Map();
  const parsed = configurationSchema.safeParse(JSON.parse(text));
  return new Map((parsed.success ? namesIn(parsed.data) : []).map((name, place) => [name, place]));
}
