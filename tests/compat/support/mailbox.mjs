// Receiver of a server's messages, in the format of Portcullis's webhooks.
import { createHmac } from "node:crypto";
import { once } from "node:events";
import http from "node:http";

/** The secret that signs the requests to a mailbox. */
export const WEBHOOK_SECRET = `whsec_${Buffer.from("compat-tests-compat-tests-compat").toString("base64")}`;

export class Mailbox {
  /** Messages that were received and not taken: `kind`, `type`, `to`, `url`, `token`, `code`, `user`. */
  unread = [];
  #listener;

  /** @param {{ isSigned: boolean }} options whether messages without a valid signature are rejected */
  static async open({ isSigned }) {
    const mailbox = new Mailbox();
    mailbox.#listener = http.createServer(async (request, response) => {
      let text = "";
      for await (const chunk of request.setEncoding("utf8")) text += chunk;
      const isValid = !isSigned || request.headers["webhook-signature"] === signature(request.headers, text);
      if (isValid) mailbox.#keep(JSON.parse(text));
      response.writeHead(isValid ? 204 : 401).end();
    });
    mailbox.#listener.listen(0, "127.0.0.1");
    await once(mailbox.#listener, "listening");
    return mailbox;
  }

  get url() {
    return `http://127.0.0.1:${this.#listener.address().port}/messages`;
  }

  /** Removes and returns the newest message to this address, in any capitals. */
  take(to) {
    const at = this.unread.findLastIndex((message) => message.to.toLowerCase() === to.toLowerCase());
    return at < 0 ? undefined : this.unread.splice(at, 1)[0];
  }

  async stop() {
    this.#listener.closeAllConnections();
    this.#listener.close();
    await once(this.#listener, "close");
  }

  /** Ignores messages without a link or a code: they are notices, which Better Auth does not send. */
  #keep({ type: kind, data: { type, to, url, token, otp, code = otp, user } }) {
    if (url || code) this.unread.push({ kind, type, to, url, token, code, user });
  }
}

/** The signature of a Standard Webhooks request. */
function signature({ "webhook-id": id, "webhook-timestamp": timestamp }, text) {
  const key = Buffer.from(WEBHOOK_SECRET.replace("whsec_", ""), "base64");
  return `v1,${createHmac("sha256", key).update(`${id}.${timestamp}.${text}`).digest("base64")}`;
}
