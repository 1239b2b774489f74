import { Injectable, Logger } from '@nestjs/common';
import { toError } from '../common/errors.js';
import type { Page, PageQuery } from '../common/page.dto.js';
import { type WithId, withId } from '../common/with-id.js';
import { ContractsService } from '../detector/contracts.service.js';
import { KeyRefusedError } from './access.errors.js';
import type { ApiKey } from './api-key.schema.js';
import type { Caller } from './caller.js';
import { KeyCache } from './key-cache.js';
import { digestOfSecret, formatKey, hasDigest, newKey, parseKey } from './key-text.js';
import { KeysRepository } from './keys.repository.js';
import type { Role } from './roles.js';

export interface KeyOrder {
  readonly name: string;
  readonly role: Role;
  /** All when absent. */
  readonly detectors?: readonly string[];
  readonly expiresAt?: Date;
}

/** A key as it is shown. */
export type ListedKey = WithId<Omit<ApiKey, 'digest'>>;

/** A key at its making: the only time that anyone sees it whole. */
export type CreatedKey = ListedKey & { readonly key: string };

const useNotedMs = 60_000;

/** Makes, lists, revokes and checks API keys. */
@Injectable()
export class KeysService {
  private readonly logger = new Logger(KeysService.name);
  private readonly cache = new KeyCache((id) => this.keys.find(id));

  constructor(
    private readonly keys: KeysRepository,
    private readonly contracts: ContractsService,
  ) {}

  /** Whether the database has this key, live or not. */
  async isKnown(id: string): Promise<boolean> {
    return (await this.keys.find(id)) !== null;
  }

  hasAnyBy(actor: string): Promise<boolean> {
    return this.keys.hasAnyBy(actor);
  }

  /** @throws DetectorUnknownError */
  async create(
    { name, role, detectors, expiresAt }: KeyOrder,
    actor: string,
    parts = newKey(),
  ): Promise<CreatedKey> {
    const row: ApiKey = {
      _id: parts.id,
      name,
      role,
      detectors: detectors ? detectors.map((detector) => this.contracts.get(detector).detector) : null,
      digest: digestOfSecret(parts.secret),
      createdBy: actor,
      createdAt: new Date(),
      expiresAt: expiresAt ?? null,
      revokedAt: null,
      lastUsedAt: null,
    };
    await this.keys.add(row);
    return { ...listedKey(row), key: formatKey(parts) };
  }

  async list(query: PageQuery): Promise<Page<ListedKey>> {
    const page = await this.keys.list(query);
    return { ...page, items: page.items.map(listedKey) };
  }

  /** @throws KeyUnknownError */
  async revoke(id: string): Promise<ListedKey> {
    const key = await this.keys.revoke(id);
    this.cache.forget(id);
    return listedKey(key);
  }

  /** Who a key stands for. @throws KeyRefusedError */
  async authenticate(text: string): Promise<Caller> {
    const parts = parseKey(text);
    const key = parts && (await this.cache.get(parts.id));
    if (!parts || !key || !hasDigest(parts.secret, key.digest) || !isLive(key)) throw new KeyRefusedError();
    this.noteUse(key);
    return { actor: `key ${key.name}`, key: key._id, role: key.role, detectors: key.detectors };
  }

  private noteUse(key: ApiKey): void {
    const now = new Date();
    if (key.lastUsedAt && now.getTime() - key.lastUsedAt.getTime() < useNotedMs) return;
    key.lastUsedAt = now;
    this.keys.used(key._id, now).catch((error: unknown) => this.logger.debug(toError(error)));
  }
}

function isLive({ revokedAt, expiresAt }: ApiKey): boolean {
  return revokedAt === null && (expiresAt === null || expiresAt.getTime() > Date.now());
}

function listedKey({ digest: _, ...key }: ApiKey): ListedKey {
  return withId(key);
}
