/**
 * What does a browser take and give where the server speaks JSON? Bytes for base64url, and back.
 *
 * Newer browsers can do it themselves, but not each phone that has passkeys, and not each password
 * manager that plays one.
 */

/**
 * @param {any} asked PublicKeyCredentialCreationOptionsJSON
 * @returns {PublicKeyCredentialCreationOptions}
 */
export function toMake(asked) {
  return {
    ...asked,
    challenge: bytes(asked.challenge),
    user: { ...asked.user, id: bytes(asked.user.id) },
    excludeCredentials: (asked.excludeCredentials ?? []).map(descriptor),
  };
}

/**
 * @param {any} asked PublicKeyCredentialRequestOptionsJSON
 * @returns {PublicKeyCredentialRequestOptions}
 */
export function toGet(asked) {
  return {
    ...asked,
    challenge: bytes(asked.challenge),
    allowCredentials: (asked.allowCredentials ?? []).map(descriptor),
  };
}

/**
 * What the server reads of an answer, and no more.
 * @param {PublicKeyCredential} credential
 */
export function toAnswer(credential) {
  const { response } = credential;
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  /** @type {Record<string, string>} */
  const said = {};
  for (const part of parts) {
    const value = Reflect.get(response, part);
    if (value instanceof ArrayBuffer && value.byteLength) said[part] = text(value);
  }
  return { id: text(credential.rawId), response: said };
}

/** @param {{id: string}} one */
const descriptor = (one) => ({ ...one, type: /** @type {const} */ ("public-key"), id: bytes(one.id) });

/** @param {string} base64url */
function bytes(base64url) {
  const plain = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

/** @param {ArrayBuffer} buffer */
function text(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
