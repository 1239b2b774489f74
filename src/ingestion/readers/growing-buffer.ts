/** Bytes that are appended in pieces of any size, at a constant cost a byte, and keep no piece alive. */
export class GrowingBuffer {
  private bytes = Buffer.alloc(4096);
  private used = 0;

  get length(): number {
    return this.used;
  }

  append(piece: Buffer): void {
    const needed = this.used + piece.length;
    if (needed > this.bytes.length) {
      const grown = Buffer.alloc(Math.max(needed, this.bytes.length * 2));
      this.bytes.copy(grown, 0, 0, this.used);
      this.bytes = grown;
    }
    piece.copy(this.bytes, this.used);
    this.used = needed;
  }

  /** What was appended, valid until the next `append`; the buffer is empty afterwards. */
  take(): Buffer {
    const taken = this.bytes.subarray(0, this.used);
    this.used = 0;
    return taken;
  }
}
