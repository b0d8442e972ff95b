// A real provider of OpenID Connect for the tests: who signs in, and with what claims, is said by POST /test/be.
import http from "node:http";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { Provider } from "oidc-provider";

const told = JSON.parse(process.argv[2]);
const issuer = `http://localhost:${told.port}`;
let who = { sub: "nobody", claims: {} };
let late = 0;
let keyNumber = 0;

function newKey() {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  keyNumber += 1;
  return { ...privateKey.export({ format: "jwk" }), kid: `key-${keyNumber}`, use: "sig", alg: "RS256" };
}

const names = ["nhsid_useruid", "nhsid_nrbac_roles", "selected_roleid", "authentication_assurance_level",
  "nhs_number", "birthdate", "identity_proofing_level"];

function newProvider() {
  const provider = new Provider(issuer, {
    jwks: { keys: [newKey()] },
    clients: told.clients.map((client) => ({
      ...client,
      token_endpoint_auth_method: "private_key_jwt",
      token_endpoint_auth_signing_alg: "RS512",
      response_types: ["code"],
      grant_types: ["authorization_code"],
    })),
    cookies: { keys: [randomBytes(16).toString("hex")] },
    enabledJWA: { clientAuthSigningAlgValues: ["RS512"] },
    pkce: { required: () => true },
    scopes: ["openid", "profile"],
    claims: { openid: ["sub"], profile: names },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub, ...who.claims }) }),
    async loadExistingGrant(ctx) {
      const { client, session, provider: one } = ctx.oidc;
      const grant = new one.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope("openid profile");
      await grant.save();
      return grant;
    },
  });
  return provider;
}

let provider = newProvider();

async function body(request) {
  let text = "";
  for await (const part of request) text += part;
  return text ? JSON.parse(text) : {};
}

const server = http.createServer(async (request, response) => {
  if (request.url.startsWith("/test/")) {
    if (request.url === "/test/be") who = await body(request);
    if (request.url === "/test/rotate") provider = newProvider();
    response.end("{}");
    return;
  }
  if (request.url.startsWith("/interaction/")) {
    await provider.interactionFinished(request, response, { login: { accountId: who.sub, ts: Math.floor(Date.now() / 1000) - late } });
    return;
  }
  provider.callback()(request, response);
});
server.listen(told.port, "localhost", () => console.log("ready"));
