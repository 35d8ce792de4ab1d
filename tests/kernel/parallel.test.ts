import { somePlaces } from '../support/places.js';
import { describeParallelDesigns } from './parallel-designs.js';

describeParallelDesigns(somePlaces([2, 3]), 100);
