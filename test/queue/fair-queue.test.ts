import { describeFairQueue } from './queue-suite.ts';

describeFairQueue(1_200);
