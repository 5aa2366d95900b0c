import { SMALL_NETWORKS } from '../registered.ts';
import { describeThinning } from './registered.ts';

// All others are in registered.full.test.ts.
describeThinning(SMALL_NETWORKS);
