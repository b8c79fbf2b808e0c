//! A passkey in software: a real key of P-256, which signs what a browser would have signed, or what it never should.

use anyhow::Context;
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::{self, SystemRandom};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// What browser and authenticator say; each can be made to lie.
#[derive(Debug, Clone)]
pub struct Manner {
    /// The origin of the page.
    pub origin: String,
    /// The domain that the authenticator signs for, where it is not the one asked for.
    pub rp_id: Option<String>,
    /// The challenge, where it is not the one given.
    pub challenge: Option<String>,
    /// What the browser says it did, where it is not what it did.
    pub kind: Option<String>,
    /// Whether somebody touched it.
    pub present: bool,
    /// Whether it has checked who did.
    pub verified: bool,
    /// Whether the page is a frame of somebody else's.
    pub cross_origin: bool,
    /// Whose it says it is, where that is not for whom it was made.
    pub user: Option<String>,
}

impl Manner {
    /// The truth, at a page.
    pub fn at(origin: &str) -> Self {
        Self {
            origin: origin.to_owned(),
            rp_id: None,
            challenge: None,
            kind: None,
            present: true,
            verified: true,
            cross_origin: false,
            user: None,
        }
    }
}

/// A passkey in software.
pub struct SoftPasskey {
    pair: EcdsaKeyPair,
    id: Vec<u8>,
    user: String,
    /// How often it has signed; one that stays at nought does not count.
    pub counter: u32,
}

impl SoftPasskey {
    /// Makes a passkey as the options of a registration ask, and what the browser tells of it.
    ///
    /// # Errors
    /// When the options lack what a browser needs.
    pub fn make(options: &Value, manner: &Manner) -> anyhow::Result<(Self, Value)> {
        let mut id = vec![0; 16];
        rand::fill(&mut id).ok().context("no randomness")?;
        let key = Self {
            pair: EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).context("no key")?,
            id,
            user: text(&options["user"], "id")?,
            counter: 0,
        };
        let credential = key.registered(options, manner)?;
        Ok((key, credential))
    }

    /// What the browser tells of this passkey for the options of a registration: the same passkey again, where a browser would not.
    ///
    /// # Errors
    /// When the options lack what a browser needs.
    pub fn registered(&self, options: &Value, manner: &Manner) -> anyhow::Result<Value> {
        let domain = text(&options["rp"], "id")?;
        let mut data = self.authenticator_data(&domain, manner, true);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.id.len())?.to_be_bytes());
        data.extend(&self.id);
        data.extend(self.cose());
        let object = [&attestation_head(data.len())?, data.as_slice()].concat();
        Ok(json!({
            "id": written(&self.id),
            "rawId": written(&self.id),
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {"credProps": {"rk": true}},
            "response": {
                "attestationObject": written(&object),
                "clientDataJSON": written(&client_data("webauthn.create", options, manner)?),
                "transports": ["internal", "hybrid"],
            },
        }))
    }

    /// Signs as the options of a login ask, and counts where it counts.
    ///
    /// # Errors
    /// When the options lack what a browser needs.
    pub fn sign(&mut self, options: &Value, manner: &Manner) -> anyhow::Result<Value> {
        if self.counter > 0 {
            self.counter += 1;
        }
        let data = self.authenticator_data(&text(options, "rpId")?, manner, false);
        let client = client_data("webauthn.get", options, manner)?;
        let signed = [data.as_slice(), digest(&SHA256, &client).as_ref()].concat();
        let signature = self.pair.sign(&SystemRandom::new(), &signed).ok();
        Ok(json!({
            "id": written(&self.id),
            "rawId": written(&self.id),
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": {
                "authenticatorData": written(&data),
                "clientDataJSON": written(&client),
                "signature": written(signature.context("no signature")?.as_ref()),
                "userHandle": manner.user.as_ref().unwrap_or(&self.user),
            },
        }))
    }

    /// Domain, flags and counter (WebAuthn, 6.1).
    fn authenticator_data(&self, domain: &str, manner: &Manner, attested: bool) -> Vec<u8> {
        let domain = manner.rp_id.as_deref().unwrap_or(domain);
        let mut data = digest(&SHA256, domain.as_bytes()).as_ref().to_vec();
        let flags = [(manner.present, 0x01), (manner.verified, 0x04), (attested, 0x40)];
        data.push(flags.iter().filter(|(set, _)| *set).map(|(_, bit)| bit).sum());
        data.extend(self.counter.to_be_bytes());
        data
    }

    /// The public key as CBOR: an ES256 key on P-256 (RFC 9053).
    fn cose(&self) -> Vec<u8> {
        // 0x04, x, y.
        let point = self.pair.public_key().as_ref().get(1..).unwrap_or_default();
        let (x, y) = point.split_at(point.len() / 2);
        let head = [0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20];
        [&head, x, &[0x22, 0x58, 0x20], y].concat()
    }
}

/// What stands before the authenticator's data in an attestation of none: a map of `fmt`, `attStmt` and `authData`.
fn attestation_head(length: usize) -> anyhow::Result<Vec<u8>> {
    let mut head = b"\xA3\x63fmt\x64none\x67attStmt\xA0\x68authData\x59".to_vec();
    head.extend(u16::try_from(length)?.to_be_bytes());
    Ok(head)
}

fn client_data(kind: &str, options: &Value, manner: &Manner) -> anyhow::Result<Vec<u8>> {
    let challenge = match &manner.challenge {
        Some(other) => other.clone(),
        None => text(options, "challenge")?,
    };
    let told = json!({
        "type": manner.kind.as_deref().unwrap_or(kind),
        "challenge": challenge,
        "origin": manner.origin,
        "crossOrigin": manner.cross_origin,
    });
    Ok(told.to_string().into_bytes())
}

fn text(of: &Value, name: &str) -> anyhow::Result<String> {
    let found = of.get(name).and_then(Value::as_str);
    found.map(str::to_owned).with_context(|| format!("no {name} in {of}"))
}

fn written(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
