import { type Hunt, hunt } from './hunt.js';

/** A process of its own for one hunt, which is the first argument, as JSON; so is what is printed. */
const result = await hunt(JSON.parse(process.argv[2]!) as Hunt);
process.stdout.write(JSON.stringify(result), () => process.exit());
