import { Module } from '@nestjs/common';
import { ListsModule } from '../lists/lists.module.js';
import { PredictionModule } from '../prediction/prediction.module.js';
import { FollowingService } from './following.service.js';
import { ChampionScorers, LogScorers } from './log-scorer.js';
import { ResendingService } from './resending.service.js';
import { SetAsideStore } from './receivers/set-aside-store.js';
import { PlaceStore } from './log/place-store.js';

@Module({
  imports: [PredictionModule, ListsModule],
  providers: [
    PlaceStore,
    SetAsideStore,
    FollowingService,
    ResendingService,
    { provide: LogScorers, useClass: ChampionScorers },
  ],
  exports: [FollowingService, ResendingService],
})
export class FollowingModule {}
