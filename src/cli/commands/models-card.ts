import { writeFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import { FileUnwritableError } from '../../ingestion/ingestion.errors.js';
import { type CardFormat, cardFormats, writeCard } from '../../cards/card-format.js';
import { ModelCatalogue } from '../../registry/model-catalogue.js';
import { runCommand } from '../command-app.js';
import { wholeNumber } from '../options.js';

interface CardOptions {
  readonly version?: number;
  readonly format: CardFormat;
  readonly out?: string;
  readonly json?: boolean;
}

export function addCardCommand(models: Command): void {
  models
    .command('card')
    .description("write a version's model card")
    .argument('<detector>')
    .option('--version <n>', 'a version; the champion when absent', wholeNumber(1))
    .addOption(new Option('--format <format>', 'how it is written').choices(cardFormats).default('markdown'))
    .option('--out <file>', 'where to write; standard output when absent')
    .option('--json', 'JSON, whatever --format says')
    .action((detector: string, { version, format, out, json }: CardOptions) =>
      runCommand(async (app) => {
        const card = await app.get(ModelCatalogue).card(detector, version);
        const text = `${writeCard(card, json ? 'json' : format).trimEnd()}\n`;
        if (out === undefined) process.stdout.write(text);
        else await writeTo(out, text);
      }),
    );
}

async function writeTo(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    throw new FileUnwritableError(file, (error as NodeJS.ErrnoException).code);
  }
}
