import { Controller, Get, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../../access/access.decorators.js';
import { LivenessDto, ReadinessDto } from './health.dto.js';
import { HealthService } from './health.service.js';

@ApiTags('health')
@Controller('health')
export class HealthController {
  constructor(private readonly health: HealthService) {}

  /** Whether the process answers. */
  @Get('live')
  @Public()
  @ApiOperation({ operationId: 'getLiveness' })
  @ApiOkResponse({ type: LivenessDto })
  live(): LivenessDto {
    return { status: 'up' };
  }

  /** Whether it can score. Degraded where the database is away or a champion is refused, and others score: 200. */
  @Get('ready')
  @Public()
  @ApiOperation({ operationId: 'getReadiness' })
  @ApiOkResponse({ type: ReadinessDto })
  @ApiResponse({ status: 503, type: ReadinessDto, description: 'Nothing can be scored; the parts say why.' })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<ReadinessDto> {
    const readiness = await this.health.readiness();
    void reply.status(readiness.status === 'down' ? 503 : 200);
    return readiness;
  }
}
