/** Whole lines, and how many bytes of the log they are. */
export interface WholeLines {
  /** Of a line that is too long only the beginning. */
  readonly text: Buffer;
  readonly bytes: number;
}

export const lf = 10;

/**
 * Cuts the bytes of a growing log behind the last line that is whole, for its writer may be in the middle of one. Of
 * a line that is not whole it holds `maxLineBytes` and a byte, which shows that it is too long.
 */
export class LineCutter {
  private readonly held: Buffer[] = [];
  private heldBytes = 0;
  private droppedBytes = 0;

  constructor(private readonly maxLineBytes: number) {}

  /** @returns null as long as no line is whole */
  push(bytes: Buffer): WholeLines | null {
    const cut = bytes.lastIndexOf(lf) + 1;
    if (cut === 0) {
      this.hold(bytes);
      return null;
    }
    const first = bytes.indexOf(lf);
    this.hold(bytes.subarray(0, first));
    const lines = this.take(bytes.subarray(first, cut));
    this.hold(bytes.subarray(cut));
    return lines;
  }

  /** What is left when the writer has left: a last line without an end, if any. */
  rest(): WholeLines {
    return this.take(Buffer.alloc(0));
  }

  private hold(bytes: Buffer): void {
    if (bytes.length === 0) return;
    const room = Math.max(0, this.maxLineBytes + 1 - this.heldBytes);
    if (room > 0) this.held.push(bytes.subarray(0, room));
    this.heldBytes += Math.min(room, bytes.length);
    this.droppedBytes += Math.max(0, bytes.length - room);
  }

  private take(more: Buffer): WholeLines {
    const text = Buffer.concat([...this.held.splice(0), more]);
    const bytes = text.length + this.droppedBytes;
    this.heldBytes = this.droppedBytes = 0;
    return { text, bytes };
  }
}
