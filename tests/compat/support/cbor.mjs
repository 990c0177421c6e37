// Encoder of CBOR (RFC 8949), as far as authenticators need it.

/** @param {number | string | boolean | Buffer | Array | Map} value integers, texts, booleans, bytes, arrays and maps */
export function cbor(value) {
  if (typeof value === "number") return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === "string") return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (typeof value === "boolean") return Buffer.from([value ? 0xf5 : 0xf4]);
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value]);
  if (Array.isArray(value)) return Buffer.concat([head(4, value.length), ...value.map(cbor)]);
  return Buffer.concat([head(5, value.size), ...[...value].flat().map(cbor)]);
}

function head(major, size) {
  const kind = major << 5;
  if (size < 24) return Buffer.from([kind | size]);
  if (size < 0x100) return Buffer.from([kind | 24, size]);
  if (size < 0x1_0000) return Buffer.from([kind | 25, size >> 8, size & 0xff]);
  const long = Buffer.alloc(5, kind | 26);
  long.writeUInt32BE(size, 1);
  return long;
}
