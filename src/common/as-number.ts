import { Transform, type TransformFnParams } from 'class-transformer';

const pattern = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i;

/**
 * Reads a number of an address, where all is text. Whatever is no plain decimal number stays as it is, for the other
 * rules to refuse: JavaScript's Number takes nothing for 0, `0x10` for 16 and throws at some objects.
 */
export function AsNumber(): PropertyDecorator {
  return Transform(({ obj, key }: TransformFnParams) => {
    const raw = (obj as Readonly<Record<string, unknown>>)[key];
    return typeof raw === 'string' && pattern.test(raw) ? Number(raw) : raw;
  });
}
