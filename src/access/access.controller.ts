import { Body, Controller, Delete, Get, Header, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiErrors } from '../common/api-errors.js';
import { PageQuery } from '../common/page.dto.js';
import { Requires } from './access.decorators.js';
import {
  ApiKeyDto,
  ApiKeyPageDto,
  AuditPageDto,
  AuditQuery,
  CreatedKeyDto,
  CreateKeyDto,
} from './access.dto.js';
import { AuditService } from './audit.service.js';
import { type Caller, From } from './caller.js';
import { KeysService } from './keys.service.js';

@ApiTags('access')
@Controller('v1/admin')
export class AccessController {
  constructor(
    private readonly keys: KeysService,
    private readonly audit: AuditService,
  ) {}

  /** Makes an API key. The answer is the only place where it ever stands whole. */
  @Post('keys')
  @Header('cache-control', 'no-store')
  @Requires('admin')
  @ApiOperation({ operationId: 'createKey' })
  @ApiCreatedResponse({ type: CreatedKeyDto })
  @ApiErrors(400, 404)
  create(@Body() order: CreateKeyDto, @From() { actor }: Caller): Promise<CreatedKeyDto> {
    return this.keys.create(order, actor);
  }

  /** Lists the API keys without their secrets, newest first, revoked ones included. */
  @Get('keys')
  @Requires('admin')
  @ApiOperation({ operationId: 'listKeys' })
  @ApiOkResponse({ type: ApiKeyPageDto })
  @ApiErrors(400)
  list(@Query() page: PageQuery): Promise<ApiKeyPageDto> {
    return this.keys.list(page);
  }

  /** Revokes a key: every replica refuses it within two seconds. */
  @Delete('keys/:id')
  @Requires('admin')
  @ApiOperation({ operationId: 'revokeKey' })
  @ApiOkResponse({ type: ApiKeyDto })
  @ApiErrors(404)
  revoke(@Param('id') id: string): Promise<ApiKeyDto> {
    return this.keys.revoke(id);
  }

  /** Lists requests that changed something or were refused, newest first. */
  @Get('audit')
  @Requires('admin')
  @ApiOperation({ operationId: 'listAudit' })
  @ApiOkResponse({ type: AuditPageDto })
  @ApiErrors(400)
  listAudit(@Query() query: AuditQuery): Promise<AuditPageDto> {
    return this.audit.list(query);
  }
}
