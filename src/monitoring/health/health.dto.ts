import { ApiProperty } from '@nestjs/swagger';
import { type ChallengerMode, challengerModes } from '../../registry/challenger-mode.js';

const states = ['up', 'down'] as const;
type State = (typeof states)[number];

export class LivenessDto {
  @ApiProperty({ enum: states })
  status!: State;
}

export class CollectionStateDto {
  name!: string;
  documents!: number;
  indexes!: string[];
}

export class DatabaseStateDto {
  @ApiProperty({ enum: states })
  status!: State;
  /** Which link of the chain it is. */
  link!: string;
  /** What is wrong, when it is down. */
  problem?: string;
  serverVersion?: string;
  /** Round trip of a ping, milliseconds. */
  latencyMs?: number;
  writable?: boolean;
  @ApiProperty({ type: [CollectionStateDto], required: false })
  collections?: CollectionStateDto[];
}

export class ChallengerStateDto {
  version!: number;
  @ApiProperty({ enum: challengerModes })
  mode!: ChallengerMode;
  /** Share of the traffic that a canary answers; 0 in the other modes. */
  share!: number;
  /** Why it is not tried although it should be. The champion answers alone then. */
  @ApiProperty({ type: String, nullable: true })
  problem!: string | null;
  /** Records that it left out in the shadow because it fell behind, since the process started. */
  leftOut!: number;
}

export class ModelStateDto {
  detector!: string;
  /** What the alias says. */
  @ApiProperty({ type: Number, nullable: true })
  champion!: number | null;
  /** What answers. */
  @ApiProperty({ type: Number, nullable: true })
  serving!: number | null;
  /** Why they differ. */
  @ApiProperty({ type: String, nullable: true })
  problem!: string | null;
  @ApiProperty({ type: ChallengerStateDto, nullable: true })
  challenger!: ChallengerStateDto | null;
}

export class ReadinessDto {
  @ApiProperty({ enum: states })
  status!: State;
  database!: DatabaseStateDto;
  @ApiProperty({ type: [ModelStateDto] })
  models!: ModelStateDto[];
}
