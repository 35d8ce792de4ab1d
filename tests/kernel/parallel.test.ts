import { everyPlace } from '../support/places.js';
import { describeParallelDesigns } from './parallel-designs.js';

describeParallelDesigns(everyPlace([2, 4]), 300);
