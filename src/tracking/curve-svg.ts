const side = 320;
const margin = 40;

/** A curve in the unit square as a picture. @param points x and y, 0 to 1 @param titles plain text */
export function curveSvg(
  points: readonly (readonly [x: number, y: number])[],
  titles: { readonly curve: string; readonly x: string; readonly y: string },
): string {
  const path = points
    .map(([x, y]) => `${round(margin + x * side)},${round(margin + (1 - y) * side)}`)
    .join(' ');
  const size = side + 2 * margin;
  const middle = size / 2;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" width="${size}" height="${size}"`,
    ` font-family="sans-serif" font-size="12" text-anchor="middle">`,
    `<rect width="${size}" height="${size}" fill="#fff"/>`,
    `<rect x="${margin}" y="${margin}" width="${side}" height="${side}" fill="none" stroke="#999"/>`,
    `<polyline points="${path}" fill="none" stroke="#1f77b4" stroke-width="2"/>`,
    `<text x="${middle}" y="24">${titles.curve}</text>`,
    `<text x="${middle}" y="${size - 12}">${titles.x} (0 to 1)</text>`,
    `<text transform="translate(20 ${middle}) rotate(-90)">${titles.y} (0 to 1)</text>`,
    `</svg>\n`,
  ].join('');
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
