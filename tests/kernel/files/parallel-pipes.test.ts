import { sampled } from '../../support/long-form.js';
import { somePlaces } from '../../support/places.js';
import { describeParallelPipes } from './parallel-pipe-designs.js';

describeParallelPipes(sampled(somePlaces([2, 3, 2]), 2), 5);
