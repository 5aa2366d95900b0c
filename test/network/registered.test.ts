import { describeNetworks, SMALL_NETWORKS } from './registered.ts';

// The others are in registered.full.test.ts.
describeNetworks(SMALL_NETWORKS);
