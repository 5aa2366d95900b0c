import { describeNetworks, SMALL_NETWORKS } from './registered.ts';

// All others are in registered.full.test.ts.
describeNetworks(SMALL_NETWORKS);
