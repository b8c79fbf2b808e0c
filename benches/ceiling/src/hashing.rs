//! Passwords are checked on one thread per core, each with memory of its own that it keeps.

use std::sync::mpsc;
use std::thread;

use anyhow::{Context, anyhow};
use argon2_rust::params::Memory;
use argon2_rust::{Algorithm, Argon2, Params, Version};
use tokio::sync::oneshot;

/// The same cost as Gantry's: 19 MiB, two passes, one lane.
const MEMORY_KIB: u64 = 19_456;
const PASSES: u32 = 2;

/// The threads that check passwords.
#[derive(Debug)]
pub(crate) struct Pool {
    workers: Vec<mpsc::Sender<Check>>,
    next: std::sync::atomic::AtomicUsize,
}

#[derive(Debug)]
struct Check {
    hash: String,
    password: String,
    answer: oneshot::Sender<bool>,
}

impl Pool {
    /// Starts the threads.
    pub(crate) fn start(threads: usize) -> anyhow::Result<Self> {
        let mut workers = Vec::with_capacity(threads);
        for _ in 0..threads {
            let (sender, receiver) = mpsc::channel::<Check>();
            let mut hasher = argon2()?.hasher();
            thread::spawn(move || {
                for check in receiver {
                    let verdict = hasher.verify_encoded(&check.hash, check.password.as_bytes(), Algorithm::Argon2id);
                    // Whoever asked may have hung up.
                    let _ = check.answer.send(verdict.is_ok());
                }
            });
            workers.push(sender);
        }
        Ok(Self {
            workers,
            next: std::sync::atomic::AtomicUsize::new(0),
        })
    }

    /// Checks a password; the queue has no end, which is one of the honest things left out here.
    pub(crate) async fn check(&self, hash: String, password: String) -> anyhow::Result<bool> {
        let (answer, verdict) = oneshot::channel();
        let next = self.next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let worker = self
            .workers
            .get(next % self.workers.len())
            .context("there is no thread")?;
        worker
            .send(Check { hash, password, answer })
            .context("a hashing thread ended")?;
        Ok(verdict.await?)
    }
}

/// Hashes the password that all users have.
pub(crate) fn hash(password: &str) -> anyhow::Result<String> {
    argon2()?
        .hash_password_with_random_salt(password.as_bytes())
        .map_err(|error| anyhow!("cannot hash: {error}"))
}

fn argon2() -> anyhow::Result<Argon2> {
    let params = Params::builder()
        .memory(Memory::kib(MEMORY_KIB))
        .passes(PASSES)
        .lanes(1)
        .build()
        .map_err(|error| anyhow!("bad parameters: {error}"))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_right_password_passes_and_a_wrong_one_does_not() {
        let pool = Pool::start(2).unwrap();
        let hash = hash("right").unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(pool.check(hash.clone(), "right".to_owned()).await.unwrap());
        assert!(!pool.check(hash, "wrong".to_owned()).await.unwrap());
    }
}
