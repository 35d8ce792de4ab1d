import { everyPlace } from '../support/places.js';
import { describeParallelDesigns } from './parallel-designs.js';

// In so many forks unlocked-count loses a count more often than not, in the hundred of the short form hardly ever.
describeParallelDesigns(everyPlace([2, 4, 8]), 3000);
