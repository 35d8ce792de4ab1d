import { existsSync } from 'node:fs';
import { Command, Option } from 'commander';
import { bugs } from '../../kernel/bugs/bugs.js';
import { designs } from '../../kernel/page-sharing/designs.js';
import { formNames } from '../../kernel/page-sharing/page-sharing.js';
import {
  CAMPAIGN_DEFAULTS,
  type CampaignOptions,
  type CampaignProgress,
  type CampaignResult,
  campaign,
} from '../app/campaign.js';
import { ALL_BUGS, campaignChoice, SCENARIO_SETS } from '../app/campaign-choice.js';
import { readState } from '../app/campaign-state.js';
import { NUMBER_LIMITS } from '../app/check-options.js';
import { failureFileOf } from '../app/failure-file.js';
import { FailureFolder } from '../app/failure-folder.js';
import { FileOut } from '../app/file-out.js';
import { VERSION } from '../app/manifest.js';
import { orUsageError } from '../app/usage-error.js';
import { pageOf } from '../report/page.js';
import { ProgressLine } from '../report/progress.js';
import { figure } from '../report/table.js';
import { strategies } from '../schedule/strategies.js';
import { listOf, oneOf, seconds, wholeNumber } from './arguments.js';
import { campaignText, summaryOf } from './campaign-text.js';
import { ExitStatus } from './exit-status.js';
import { interruptible, statusOf } from './interruption.js';
import { names } from './kernel-options.js';

interface CommandOptions extends Omit<CampaignOptions, 'state' | 'designs' | 'strategies'> {
  readonly design?: readonly string[];
  readonly strategy?: readonly string[];
  readonly out: string;
  readonly state?: string;
  readonly json?: boolean;
}

/** `hartbreak campaign`: all scenarios, written and generated, over designs and strategies. */
export function campaignCommand(): Command {
  return new Command('campaign')
    .description('run all scenarios, written and generated, over designs and strategies')
    .addOption(
      new Option('-S, --scenarios <set>', SCENARIO_SETS.join(', '))
        .argParser(oneOf('set of scenarios', SCENARIO_SETS))
        .default(SCENARIO_SETS[0]),
    )
    .addOption(
      new Option('-d, --design <names>', 'with commas between them')
        .argParser(listOf('design', names(designs)))
        .default(undefined, 'all'),
    )
    .addOption(
      new Option('-f, --form <name>', `the designs' form: ${formNames.join(', ')}`)
        .argParser(oneOf('form', formNames))
        .default(formNames[0]),
    )
    .addOption(
      new Option(
        '-b, --bug <name>',
        `look for the harm that a known mistake does, or ${ALL_BUGS}: each of those that can do any`,
      ).argParser(oneOf('bug', [...names(bugs), ALL_BUGS])),
    )
    .addOption(
      new Option('-t, --strategy <names>', 'with commas between them')
        .argParser(listOf('strategy', names(strategies)))
        .default(undefined, 'all'),
    )
    .option('-N, --schedules <number>', 'at most this many', wholeNumber('--schedules', NUMBER_LIMITS.schedules))
    .addOption(
      new Option('-s, --seconds <number>', 'at most this long')
        .argParser(seconds('--seconds'))
        .default(undefined, `${CAMPAIGN_DEFAULTS.seconds}, or none with --schedules`),
    )
    .option('-x, --seed <number>', 'of the random strategies', wholeNumber('--seed', NUMBER_LIMITS.seed), 1)
    .option('--machines <number>', 'machines side by side', wholeNumber('--machines', NUMBER_LIMITS.machines))
    .option('--state <file>', 'how far it has come: goes on from there, and leaves it there')
    .option('-o, --out <folder>', 'where failures are saved', 'hartbreak-failures')
    .option('--json', 'print one JSON object and nothing else')
    .action(run);
}

async function run({ design, strategy, out, state, json, ...others }: CommandOptions): Promise<void> {
  const line = new ProgressLine(process.stderr);
  const folder = new FailureFolder(out);
  const stop = new AbortController();
  let isStarting = true;
  const options = {
    ...others,
    ...(design !== undefined && { designs: design }),
    ...(strategy !== undefined && { strategies: strategy }),
  };
  const before =
    state !== undefined && existsSync(state)
      ? await orUsageError(async () => readState(state, campaignChoice(options), VERSION))
      : undefined;
  const file = state === undefined ? undefined : new FileOut(state, { option: '--state', content: 'the campaign' });
  let unsaved: string | undefined;
  const what = {
    stop: () => stop.abort(),
    leave: () => line.clear(),
    get isStarting() {
      return isStarting;
    },
  };
  let result: CampaignResult | undefined;
  const signal = await interruptible(what, async () => {
    result = await orUsageError(() =>
      campaign({
        ...options,
        ...(before !== undefined && { state: before }),
        signal: stop.signal,
        progress(soFar, now) {
          isStarting = false;
          unsaved = file?.save(JSON.stringify(now));
          line.show(progressText(soFar));
        },
      }),
    );
  }).finally(() => line.clear());
  const saved = result!.failures.map(({ explored, failure, scenarios }) => ({
    failure,
    scenarios,
    file: folder.save(failureFileOf(explored, failure, VERSION)),
  }));
  const page = pageOf(process.stdout);
  process.stdout.write(
    json === true ? `${JSON.stringify(summaryOf(result!, saved))}\n` : campaignText(result!, saved, page),
  );
  const complaints = [unsaved, folder.complaint].filter((complaint) => complaint !== undefined);
  for (const complaint of complaints) process.stderr.write(`hartbreak: ${complaint}\n`);
  if (signal !== undefined && saved.length === 0) process.exitCode = statusOf(signal);
  else process.exitCode = result!.ok && unsaved === undefined ? ExitStatus.Held : ExitStatus.Failed;
}

function progressText({ schedules, seconds: elapsed, begun, subjects, failures }: CampaignProgress): string {
  const found = failures === 0 ? '' : `, ${figure(failures)} failures`;
  const pace = figure(schedules / Math.max(elapsed, 1));
  return `${figure(schedules)} schedules, ${pace}/s, ${figure(begun)} of ${figure(subjects)} begun, ${elapsed.toFixed(0)} s${found}`;
}
