import { ApiExtraModels, ApiProperty } from '@nestjs/swagger';
import type { FindingKind } from '../detector/flow/host-finding.js';
import { VerdictDto } from './prediction.dto.js';

const findingKinds = ['vertical-scan', 'horizontal-scan', 'beacon', 'flood'] as const satisfies FindingKind[];

/** What flows of one host add up to. */
export class HostFindingDto {
  @ApiProperty({ enum: findingKinds })
  kind!: FindingKind;
  /** The host that does it. @example '192.168.1.7' */
  host!: string;
  /** The host at the other end; null where there are many. */
  @ApiProperty({ type: String, nullable: true })
  target!: string | null;
  /** The port at the other end; null where there are many. */
  @ApiProperty({ type: Number, nullable: true })
  port!: number | null;
  /** @example 'tcp' */
  proto!: string;
  /** Ports of a vertical scan, hosts of a horizontal one, else flows. */
  count!: number;
  /** Whether there were more than could be counted. */
  atLeast!: boolean;
  /** Seconds since the epoch, of the first of its flows. */
  from!: number;
  /** Seconds since the epoch, of the last of its flows. */
  to!: number;
  /** Seconds from one flow to the next; of beacons. */
  @ApiProperty({ type: Number, nullable: true })
  interval!: number | null;
  /** Some of the flows that prove it: the first and the latest. */
  @ApiProperty({ type: [String] })
  uids!: readonly string[];
  /** @example '192.168.1.7 scans ports (vertical: 40 ports of 192.168.1.1 in 12 s)' */
  text!: string;
}

export class FlowVerdictDto extends VerdictDto {
  /** The flow's own name, as it came; null where it has none. */
  @ApiProperty({ type: String, nullable: true })
  uid!: string | null;
  /** Whether it was judged by what its source did before as well. False: by itself alone, which tells less. */
  context!: boolean;
}

@ApiExtraModels(HostFindingDto)
export class LoneFlowVerdictDto extends FlowVerdictDto {
  /** What the flows of the request add up to. */
  @ApiProperty({ type: [HostFindingDto] })
  hosts!: HostFindingDto[];
}

export class FlowVerdictsDto {
  /** One verdict a flow, in order. */
  @ApiProperty({ type: [FlowVerdictDto] })
  verdicts!: FlowVerdictDto[];
  /** What the flows of the request add up to. */
  @ApiProperty({ type: [HostFindingDto] })
  hosts!: HostFindingDto[];
}
