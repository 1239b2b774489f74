import { ApiProperty } from '@nestjs/swagger';
import { type ChallengerMode, challengerModes } from '../../registry/challenger-mode.js';

const states = ['up', 'down'] as const;
type State = (typeof states)[number];
const readinesses = ['up', 'degraded', 'down'] as const;
export type Readiness = (typeof readinesses)[number];

export class LivenessDto {
  /** Always `up`: the process answers. */
  @ApiProperty({ enum: states })
  status!: State;
}

export class CollectionStateDto {
  /** The collection's name. */
  name!: string;
  /** About how many documents it has. */
  documents!: number;
  /** The names of its indexes. */
  indexes!: string[];
}

export class DatabaseStateDto {
  /** `up`: it can be read and written. */
  @ApiProperty({ enum: states })
  status!: State;
  /** Which link of the chain it is. */
  link!: string;
  /** What is wrong, when it is down. */
  problem?: string;
  /** What the server calls its version; absent when it does not answer. */
  serverVersion?: string;
  /** Round trip of a ping, milliseconds. */
  latencyMs?: number;
  /** Whether it takes writes; absent when it does not answer. */
  writable?: boolean;
  /** All collections; absent when it does not answer. */
  @ApiProperty({ type: [CollectionStateDto], required: false })
  collections?: CollectionStateDto[];
}

export class ChallengerStateDto {
  /** Number of its version. */
  version!: number;
  /** How it is tried. */
  @ApiProperty({ enum: challengerModes })
  mode!: ChallengerMode;
  /** Share of the traffic that a canary scores, 0 to 1; 0 in the other modes. */
  share!: number;
  /** Why it is not tried although it should be, and the champion scores alone; null where nothing is wrong. */
  problem!: string | null;
  /** Records that it left out in the shadow because it fell behind, since the process started. */
  leftOut!: number;
}

export class ModelStateDto {
  /** The detector. @example 'phishing-website' */
  detector!: string;
  /** Number of the version that the alias points to; null while it points to none. */
  champion!: number | null;
  /** Number of the version that scores; null while none can. */
  serving!: number | null;
  /** Why the two differ; null where nothing is wrong. */
  problem!: string | null;
  /** The version that is tried beside it; null where there is none. */
  challenger!: ChallengerStateDto | null;
}

export class ReadinessDto {
  /**
   * `up`: the database is, and every champion is loaded. `degraded`: something is missing, and yet champions are loaded
   * that score. `down`: nothing can be scored.
   */
  @ApiProperty({ enum: readinesses })
  status!: Readiness;
  /** The database. */
  database!: DatabaseStateDto;
  /** The models, one a detector. */
  @ApiProperty({ type: [ModelStateDto] })
  models!: ModelStateDto[];
}
