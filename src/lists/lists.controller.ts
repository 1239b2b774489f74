import { Readable } from 'node:stream';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, StreamableFile } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiExtraModels,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  getSchemaPath,
  type SchemaObject,
} from '@nestjs/swagger';
import { Requires } from '../access/access.decorators.js';
import { addressFor } from '../access/address-for.js';
import { type Caller, From } from '../access/caller.js';
import { ApiErrors } from '../common/api-errors.js';
import { TakesManyItems } from '../common/bodies.js';
import { RowsBody } from '../common/rows-body.js';
import { type Upload, UploadedRows } from '../common/upload.js';
import { ListChangesService } from './list-changes.service.js';
import { writeList } from './list-export.js';
import { ListImportService } from './list-import.service.js';
import {
  AddListEntryDto,
  ExportQuery,
  ImportQuery,
  ListEntryDto,
  ListEntryPageDto,
  ListImportDto,
  ListsQuery,
  RemovedEntriesDto,
  RemoveListEntriesDto,
  WarningListDto,
} from './lists.dto.js';

/** Whatever it is: what an entry cannot be read from is told by its line, and so never refuses the request. */
const entryRow: SchemaObject = {
  oneOf: [
    { type: 'object', additionalProperties: true, description: 'An entry, by the columns of the CSV form.' },
    { type: 'string', description: 'A line of a list.' },
  ],
};

@ApiTags('lists')
@Controller('v1/admin/lists')
export class ListsController {
  constructor(
    private readonly changes: ListChangesService,
    private readonly imports: ListImportService,
  ) {}

  /** Puts addresses, hosts or flows on a list; every replica heeds it within two seconds. */
  @Post()
  @Requires('admin')
  @ApiOperation({ operationId: 'addListEntry' })
  @ApiCreatedResponse({ type: ListEntryDto })
  @ApiErrors(400, 409)
  add(@Body() order: AddListEntryDto, @From() { actor }: Caller): Promise<ListEntryDto> {
    return this.changes.add(order, actor);
  }

  /**
   * Puts a whole file on the lists: a plain list, a hosts file, domain rules of Adblock, CSV, a warning list of MISP, or
   * JSON records. At most 100,000 lines in 16 MiB. Where a line has a fault nothing is stored, unless the faulty lines are
   * to be skipped.
   */
  @Post('import')
  @HttpCode(200)
  @Requires('admin')
  @ApiOperation({ operationId: 'importListEntries' })
  @RowsBody({ list: 'deny', value: 'ads.example', note: 'seen in May' }, entryRow)
  @ApiOkResponse({ type: ListImportDto })
  @ApiErrors(400, 409, 413, 415)
  import(
    @Query() { replace, faults, dryRun, ...defaults }: ImportQuery,
    @UploadedRows() upload: Upload,
    @From() { actor }: Caller,
  ): Promise<ListImportDto> {
    const options = { replace: replace === 'on', skipFaults: faults === 'skip', dryRun: dryRun === 'on' };
    return this.imports.upload(upload, defaults, actor, options);
  }

  /** Takes many entries from their lists, by id or by what they cover. */
  @Post('remove')
  @HttpCode(200)
  @Requires('admin')
  @TakesManyItems()
  @ApiOperation({ operationId: 'removeListEntries' })
  @ApiOkResponse({ type: RemovedEntriesDto })
  @ApiErrors(400, 413)
  removeMany(@Body() order: RemoveListEntriesDto, @From() { actor }: Caller): Promise<RemovedEntriesDto> {
    return this.changes.removeMany(order, actor);
  }

  /** Lists the entries, newest first, those that have expired included. */
  @Get()
  @Requires('viewer')
  @ApiOperation({ operationId: 'listListEntries' })
  @ApiOkResponse({ type: ListEntryPageDto })
  @ApiErrors(400)
  async list(@Query() query: ListsQuery, @From() caller: Caller): Promise<ListEntryPageDto> {
    const page = await this.changes.list(query);
    const items = page.items.map((entry) => ({ ...entry, value: addressFor(caller, entry.value) }));
    return { ...page, items };
  }

  /** Gives all entries as a file, oldest first, those that have expired included. */
  @Get('export')
  @Requires('scorer')
  @ApiOperation({ operationId: 'exportListEntries' })
  @ApiExtraModels(WarningListDto)
  @ApiOkResponse({
    description: 'The entries.',
    content: {
      'text/csv': { schema: { type: 'string' } },
      'text/plain': { schema: { type: 'string' } },
      'application/json': { schema: { $ref: getSchemaPath(WarningListDto) } },
    },
  })
  @ApiErrors(400)
  export(@Query() { list, format = 'csv' }: ExportQuery): StreamableFile {
    const kind = { csv: 'text/csv', misp: 'application/json', plain: '', hosts: '', adblock: '' }[format];
    const stream = Readable.from(writeList(this.changes.all(list), format), { objectMode: false });
    return new StreamableFile(stream, { type: `${kind || 'text/plain'}; charset=utf-8` });
  }

  /** Takes an entry from its list. */
  @Delete(':id')
  @Requires('admin')
  @ApiOperation({ operationId: 'removeListEntry' })
  @ApiOkResponse({ type: ListEntryDto })
  @ApiErrors(404)
  remove(@Param('id') id: string, @From() { actor }: Caller): Promise<ListEntryDto> {
    return this.changes.remove(id, actor);
  }
}
