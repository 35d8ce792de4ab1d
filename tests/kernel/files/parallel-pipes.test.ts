import { somePlaces } from '../../support/places.js';
import { describeParallelPipes } from './parallel-pipe-designs.js';

describeParallelPipes(somePlaces([2, 3]), 5);
