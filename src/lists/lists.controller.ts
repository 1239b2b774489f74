import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Requires } from '../access/access.decorators.js';
import { addressFor } from '../access/address-for.js';
import { type Caller, From } from '../access/caller.js';
import { ApiErrors } from '../common/api-errors.js';
import { AddListEntryDto, ListEntryDto, ListEntryPageDto, ListsQuery } from './lists.dto.js';
import { ListsService } from './lists.service.js';

@ApiTags('lists')
@Controller('v1/admin/lists')
export class ListsController {
  constructor(private readonly lists: ListsService) {}

  /** Puts addresses on the allow or the deny list; every replica heeds it within two seconds. */
  @Post()
  @Requires('admin')
  @ApiOperation({ operationId: 'addListEntry' })
  @ApiCreatedResponse({ type: ListEntryDto })
  @ApiErrors(400, 409)
  add(@Body() order: AddListEntryDto, @From() { actor }: Caller): Promise<ListEntryDto> {
    return this.lists.add(order, actor);
  }

  /** Lists the entries, newest first, those that have expired included. */
  @Get()
  @Requires('viewer')
  @ApiOperation({ operationId: 'listListEntries' })
  @ApiOkResponse({ type: ListEntryPageDto })
  @ApiErrors(400)
  async list(@Query() query: ListsQuery, @From() caller: Caller): Promise<ListEntryPageDto> {
    const page = await this.lists.list(query);
    const items = page.items.map((entry) => ({ ...entry, value: addressFor(caller, entry.value) }));
    return { ...page, items };
  }

  /** Takes an entry from its list. */
  @Delete(':id')
  @Requires('admin')
  @ApiOperation({ operationId: 'removeListEntry' })
  @ApiOkResponse({ type: ListEntryDto })
  @ApiErrors(404)
  remove(@Param('id') id: string, @From() { actor }: Caller): Promise<ListEntryDto> {
    return this.lists.remove(id, actor);
  }
}
