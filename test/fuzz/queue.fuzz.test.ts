import { describeFairQueue } from '../queue/queue-suite.ts';

describeFairQueue(Number(process.env.QUEUE_TRACES ?? 200));
