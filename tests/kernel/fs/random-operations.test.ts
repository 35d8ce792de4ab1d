import { describeRandomOperations } from './random-operations.js';

describeRandomOperations({ roomy: [1], withoutBlocks: [4, 5], withoutInodes: [7] });
