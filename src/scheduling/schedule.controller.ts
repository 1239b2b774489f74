import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Requires } from '../access/access.decorators.js';
import { type Caller, From, inScope } from '../access/caller.js';
import { ApiErrors } from '../common/api-errors.js';
import { ScheduleDto } from './schedule.dto.js';
import { ScheduleService } from './schedule.service.js';

@ApiTags('training')
@Controller('v1/admin/schedule')
export class ScheduleController {
  constructor(private readonly schedule: ScheduleService) {}

  /** Shows when each detector is trained again, what the last slot and the last run came to, and what triggers find. */
  @Get()
  @Requires('viewer', 'own')
  @ApiOperation({ operationId: 'listSchedule' })
  @ApiOkResponse({ type: [ScheduleDto] })
  @ApiErrors()
  async list(@From() caller: Caller): Promise<ScheduleDto[]> {
    const schedules = await this.schedule.list();
    return schedules.filter(({ detector }) => inScope(caller, detector));
  }
}
