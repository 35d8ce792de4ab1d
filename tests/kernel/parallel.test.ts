import { sampled } from '../support/long-form.js';
import { somePlaces } from '../support/places.js';
import { describeParallelDesigns } from './parallel-designs.js';

describeParallelDesigns(sampled(somePlaces([2, 3, 2]), 2), 100);
