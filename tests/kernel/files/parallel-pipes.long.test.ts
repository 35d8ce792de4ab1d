import { everyPlace } from '../../support/places.js';
import { describeParallelPipes } from './parallel-pipe-designs.js';

describeParallelPipes(everyPlace([2, 4, 8]), 50);
