import { Injectable } from '@nestjs/common';
import { RequestInvalidError } from '../common/errors.js';
import { ContractsService } from '../detector/contracts.service.js';
import { VersionsRepository } from './versions.repository.js';

const mostTags = 50;

/** What people write on a version: the parts of it that may change. */
@Injectable()
export class VersionNotesService {
  constructor(
    private readonly contracts: ContractsService,
    private readonly versions: VersionsRepository,
  ) {}

  /** Adds a tag, or replaces the one of its key. @throws VersionUnknownError, RequestInvalidError at too many */
  async tag(detector: string, version: number, key: string, value: string, by: string): Promise<void> {
    const { _id, tags = [] } = await this.versions.get(this.known(detector), version);
    if (tags.length >= mostTags && !tags.some((tag) => tag.key === key)) {
      throw new RequestInvalidError([
        { path: 'key', message: `would be tag ${mostTags + 1} of this version; remove one` },
      ]);
    }
    await this.versions.tag(_id, { key, value, by, at: new Date() });
  }

  /** Removes a tag, if it is there. @throws VersionUnknownError */
  async untag(detector: string, version: number, key: string): Promise<void> {
    const { _id } = await this.versions.get(this.known(detector), version);
    await this.versions.untag(_id, key);
  }

  /** @throws VersionUnknownError */
  async describe(detector: string, version: number, text: string, by: string): Promise<void> {
    const { _id } = await this.versions.get(this.known(detector), version);
    await this.versions.setDescription(_id, { text, by, at: new Date() });
  }

  private known(detector: string): string {
    return this.contracts.get(detector).detector;
  }
}
