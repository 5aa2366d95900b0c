import { SMALL_NETWORKS } from '../registered.ts';
import { describeThinning } from './registered.ts';

// The others are in registered.full.test.ts.
describeThinning(SMALL_NETWORKS);
