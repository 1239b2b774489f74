import { ApiProperty } from '@nestjs/swagger';

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
}

export class ReadinessDto {
  @ApiProperty({ enum: states })
  status!: State;
  database!: DatabaseStateDto;
  @ApiProperty({ type: [ModelStateDto] })
  models!: ModelStateDto[];
}
