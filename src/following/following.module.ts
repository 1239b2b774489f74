import { Module } from '@nestjs/common';
import { PredictionModule } from '../prediction/prediction.module.js';
import { FlowJudges } from './flow-judge.js';
import { FollowingService } from './following.service.js';
import { PlaceStore } from './log/place-store.js';
import { ScorerJudges } from './scorer-judges.js';

@Module({
  imports: [PredictionModule],
  providers: [PlaceStore, FollowingService, { provide: FlowJudges, useClass: ScorerJudges }],
  exports: [FollowingService],
})
export class FollowingModule {}
