import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { isDuplicateKey } from '../common/database-failures.js';
import { LeaseHolder } from './lease-holder.js';
import { type HeldLease, Lease } from './lease.schema.js';

/**
 * Leases by compare-and-set on one document each (Gray and Cheriton 1989; the token is Lamport's and Burrows'
 * sequencer, "fencing token" since Kleppmann 2016). Processes compare their own clocks with the stored end: they
 * must agree within a small part of a lease's time.
 */
@Injectable()
export class LeasesService {
  /** This process, in leases and in runs. */
  readonly owner = `${hostname()}/${process.pid}/${randomUUID().slice(0, 8)}`;

  constructor(@InjectModel(Lease.name) private readonly leases: Model<Lease>) {}

  /** Takes a lease that nobody holds; null when somebody does, this process included. */
  async acquire(name: string, ttlMs: number): Promise<HeldLease | null> {
    const now = Date.now();
    const taken = await this.leases
      .findOneAndUpdate(
        { _id: name, expiresAt: { $lte: new Date(now) } },
        { $set: { owner: this.owner, expiresAt: new Date(now + ttlMs) }, $inc: { token: 1 } },
        { returnDocument: 'after' },
      )
      .lean();
    return taken ? identity(taken) : this.first(name, ttlMs);
  }

  /** Takes a lease and keeps it renewed until it is released or lost; null when somebody has it. */
  async hold(name: string, ttlMs: number): Promise<LeaseHolder | null> {
    const since = performance.now();
    const lease = await this.acquire(name, ttlMs);
    return lease && new LeaseHolder(this, lease, ttlMs, since);
  }

  /** Puts the end off; false when the lease is another's by now, or has ended. */
  async renew(lease: HeldLease, ttlMs: number): Promise<boolean> {
    const now = Date.now();
    const { matchedCount } = await this.leases.updateOne(
      { ...identity(lease), expiresAt: { $gt: new Date(now) } },
      { $set: { expiresAt: new Date(now + ttlMs) } },
    );
    return matchedCount === 1;
  }

  /** Gives a lease back before its end; nothing happens when it is another's by now. */
  async release(lease: HeldLease): Promise<void> {
    await this.leases.updateOne(identity(lease), { $set: { expiresAt: new Date(0) } });
  }

  /** Of several processes that look for the first time, one inserts. */
  private async first(name: string, ttlMs: number): Promise<HeldLease | null> {
    if (await this.leases.exists({ _id: name })) return null;
    const lease = { _id: name, owner: this.owner, token: 1, expiresAt: new Date(Date.now() + ttlMs) };
    try {
      await this.leases.create(lease);
      return identity(lease);
    } catch (error) {
      if (isDuplicateKey(error)) return null;
      throw error;
    }
  }
}

function identity({ _id, owner, token }: HeldLease): HeldLease {
  return { _id, owner, token };
}
