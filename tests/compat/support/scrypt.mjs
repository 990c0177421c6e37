// Better Auth's password hashes, computed by OpenSSL: Better Auth's own code takes several times as long.
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

const LENGTH = 64;
const COSTS = { N: 16384, r: 16, p: 1, maxmem: 128 * 16384 * 16 * 2 };

const derive = (password, salt) => promisify(scrypt)(password.normalize("NFKC"), salt, LENGTH, COSTS);

/** The option `emailAndPassword.password`. */
export const nativeScrypt = {
  async hash(password) {
    const salt = randomBytes(16).toString("hex");
    return `${salt}:${(await derive(password, salt)).toString("hex")}`;
  },

  async verify({ hash, password }) {
    const [salt, key] = hash.split(":");
    return timingSafeEqual(await derive(password, salt), Buffer.from(key, "hex"));
  },
};
