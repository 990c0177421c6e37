// Where a server's messages go: a listener that takes them as our webhooks send them.
import { createHmac } from "node:crypto";
import { once } from "node:events";
import http from "node:http";

/** What requests to a mailbox are signed with. */
export const WEBHOOK_SECRET = `whsec_${Buffer.from("compat-tests-compat-tests-compat").toString("base64")}`;

export class Mailbox {
  /** What came and was not taken: `kind`, `to`, `url`, `token`, `user`. */
  unread = [];
  #listener;

  /** @param {{ isSigned: boolean }} options whether a message counts only with its signature */
  static async open({ isSigned }) {
    const mailbox = new Mailbox();
    mailbox.#listener = http.createServer(async (request, response) => {
      let text = "";
      for await (const chunk of request.setEncoding("utf8")) text += chunk;
      const isGood = !isSigned || request.headers["webhook-signature"] === signature(request.headers, text);
      if (isGood) mailbox.#keep(JSON.parse(text));
      response.writeHead(isGood ? 204 : 401).end();
    });
    mailbox.#listener.listen(0, "127.0.0.1");
    await once(mailbox.#listener, "listening");
    return mailbox;
  }

  get url() {
    return `http://127.0.0.1:${this.#listener.address().port}/messages`;
  }

  /** The newest message to this address, which is taken out. */
  take(to) {
    const at = this.unread.findLastIndex((message) => message.to === to);
    return at < 0 ? undefined : this.unread.splice(at, 1)[0];
  }

  async stop() {
    this.#listener.closeAllConnections();
    this.#listener.close();
    await once(this.#listener, "close");
  }

  /** Messages without a link are notices, which the reference does not know. */
  #keep({ type: kind, data: { to, url, token, user } }) {
    if (url) this.unread.push({ kind, to, url, token, user });
  }
}

/** Of Standard Webhooks. */
function signature({ "webhook-id": id, "webhook-timestamp": timestamp }, text) {
  const key = Buffer.from(WEBHOOK_SECRET.replace("whsec_", ""), "base64");
  return `v1,${createHmac("sha256", key).update(`${id}.${timestamp}.${text}`).digest("base64")}`;
}
