import { describeFairQueue } from './queue-suite.ts';

describeFairQueue({ traces: 1_200 });
