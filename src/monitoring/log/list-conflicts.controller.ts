import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Requires } from '../../access/access.decorators.js';
import { type Caller, From } from '../../access/caller.js';
import { ApiErrors } from '../../common/api-errors.js';
import { ListConflictsDto, ListConflictsQuery } from './list-conflicts.dto.js';
import { ListConflictsService } from './list-conflicts.service.js';

@ApiTags('lists')
@Controller('v1/admin/lists/conflicts')
export class ListConflictsController {
  constructor(private readonly conflicts: ListConflictsService) {}

  /** Tells which entries of the lists confirmed feedback speaks against, with the addresses that show it. */
  @Get()
  @Requires('viewer')
  @ApiOperation({ operationId: 'listListConflicts' })
  @ApiOkResponse({ type: ListConflictsDto })
  @ApiErrors(400)
  report(@Query() { since }: ListConflictsQuery, @From() caller: Caller): Promise<ListConflictsDto> {
    return this.conflicts.report(caller, since);
  }
}
