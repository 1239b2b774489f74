import { Module } from '@nestjs/common';
import { ListsModule } from '../lists/lists.module.js';
import { PredictionModule } from '../prediction/prediction.module.js';
import { FollowingService } from './following.service.js';
import { ChampionScorers, LogScorers } from './log-scorer.js';
import { PlaceStore } from './log/place-store.js';

@Module({
  imports: [PredictionModule, ListsModule],
  providers: [PlaceStore, FollowingService, { provide: LogScorers, useClass: ChampionScorers }],
  exports: [FollowingService],
})
export class FollowingModule {}
