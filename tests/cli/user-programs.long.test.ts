import { everyPlace } from '../support/places.js';
import { describeSelfTests } from './pass-self-tests.js';

for (const line of ['cowtest', 'usertests -q'] as const) describeSelfTests(everyPlace([1, 2, 4, 8]), line);
