//! The hashing threads and the queue before them.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::time::Duration;

use gantry_kernel::{Problem, Reason, Rng, Secret};
use parking_lot::Mutex;
use tokio::sync::oneshot;

use super::argon2::{Argon2id, Cost, choose, hash, verify};

/// A thread without work for this long gives its memory back.
const IDLE: Duration = Duration::from_secs(5);
/// What a caller is told to wait when the queue is full.
const BUSY_RETRY_MS: i64 = 1000;

/// How passwords are hashed.
#[derive(Debug, Clone, Copy)]
pub struct PasswordConfig {
    /// What a new hash costs.
    pub cost: Cost,
    /// Hashing threads; 0 means one per core.
    pub threads: usize,
    /// Hashes that may wait.
    pub queue: usize,
}

type Job = Box<dyn FnOnce(&mut dyn Argon2id) + Send>;

/// Hashes and verifies passwords on threads of its own.
#[derive(Clone)]
pub struct Passwords {
    queue: SyncSender<Job>,
    cost: Cost,
    rng: Arc<dyn Rng>,
    // Verified in place of the hash of a user who does not exist.
    dummy: Arc<str>,
}

impl Passwords {
    /// Starts the threads; they end when the last clone is dropped.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(config: PasswordConfig, rng: Arc<dyn Rng>) -> std::io::Result<Self> {
        let threads = match config.threads {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            threads => threads,
        };
        let (queue, jobs) = sync_channel::<Job>(config.queue.max(1));
        // parking_lot: held while a thread waits for the next job, never while it hashes.
        let jobs = Arc::new(Mutex::new(jobs));
        for number in 0..threads {
            let jobs = Arc::clone(&jobs);
            std::thread::Builder::new()
                .name(format!("argon2-{number}"))
                .spawn(move || work(&jobs))?;
        }
        let Cost {
            memory_kib: m,
            iterations: t,
            parallelism: p,
        } = config.cost;
        let dummy = format!(
            "$argon2id$v=19$m={m},t={t},p={p}$AAAAAAAAAAAAAAAAAAAAAA${}",
            "A".repeat(43)
        );
        Ok(Self {
            queue,
            cost: config.cost,
            rng,
            dummy: dummy.into(),
        })
    }

    /// Hashes a new password.
    ///
    /// # Errors
    /// [`Reason::Busy`] when the queue is full.
    pub async fn hash(&self, password: Secret) -> Result<String, Problem> {
        let mut salt = [0; 16];
        self.rng.fill(&mut salt);
        let cost = self.cost;
        let made = self
            .run(move |argon2| hash(argon2, password.expose().as_bytes(), salt, cost))
            .await?;
        made.ok_or_else(|| Reason::Internal.into())
    }

    /// Verifies a password; without a hash it takes as long and says no.
    ///
    /// # Errors
    /// [`Reason::Busy`] when the queue is full.
    pub async fn verify(&self, phc: Option<String>, password: Secret) -> Result<bool, Problem> {
        let known = phc.is_some();
        let phc = phc.unwrap_or_else(|| self.dummy.as_ref().to_owned());
        let right = self
            .run(move |argon2| verify(argon2, password.expose().as_bytes(), &phc))
            .await?;
        if right.is_none() {
            tracing::error!("a stored password hash cannot be read");
        }
        Ok(known && right == Some(true))
    }

    async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut dyn Argon2id) -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |argon2| {
            // A caller who went away needs no hash.
            if !answer.is_closed() {
                let _gone = answer.send(job(argon2));
            }
        });
        match self.queue.try_send(job) {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => return Err(Problem::new(Reason::Busy).retry_after_ms(BUSY_RETRY_MS)),
            Err(TrySendError::Disconnected(_)) => return Err(Reason::Internal.into()),
        }
        answered.await.map_err(|_thread_died| Reason::Internal.into())
    }
}

#[cfg(test)]
impl Passwords {
    /// Passwords whose queue is always full: who needs a hash computed hears that, who does not passes.
    pub(crate) fn full(rng: Arc<dyn Rng>) -> Self {
        // A queue without places, before a thread that never asks for work.
        let (queue, jobs) = sync_channel::<Job>(0);
        std::mem::forget(jobs);
        let cost = Cost {
            memory_kib: 64,
            iterations: 1,
            parallelism: 1,
        };
        Self {
            queue,
            cost,
            rng,
            dummy: "".into(),
        }
    }
}

/// How much a hashing thread gives way to others: on a machine that hashes on every core, whoever only checks a session must not
/// stand in line behind logins.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 10;

/// On Linux a thread has a priority of its own; elsewhere it would be the whole process that gives way.
fn give_way() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(None, NICENESS) {
        tracing::warn!(%error, "hashing threads run at the priority of all others");
    }
}

fn work(jobs: &Mutex<Receiver<Job>>) {
    give_way();
    let mut argon2 = choose();
    loop {
        let job = jobs.lock().recv_timeout(IDLE);
        match job {
            Ok(job) => {
                // A job that panics must not take the thread along.
                let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| job(&mut *argon2)));
                if done.is_err() {
                    tracing::error!("hashing a password panicked");
                    argon2 = choose();
                }
            }
            Err(RecvTimeoutError::Timeout) => argon2.rest(),
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gantry_kernel::SystemRng;

    fn passwords(threads: usize, queue: usize) -> Passwords {
        let cost = Cost {
            memory_kib: 64,
            iterations: 1,
            parallelism: 1,
        };
        Passwords::start(PasswordConfig { cost, threads, queue }, Arc::new(SystemRng)).unwrap()
    }

    #[tokio::test]
    async fn a_password_verifies() {
        let passwords = passwords(1, 8);
        let phc = passwords.hash(Secret::new("correct horse")).await.unwrap();
        assert!(
            passwords
                .verify(Some(phc.clone()), Secret::new("correct horse"))
                .await
                .unwrap()
        );
        assert!(!passwords.verify(Some(phc), Secret::new("wrong horse")).await.unwrap());
        assert!(!passwords.verify(None, Secret::new("correct horse")).await.unwrap());
    }

    #[tokio::test]
    async fn a_full_queue_is_said_at_once_and_harms_nobody_else() {
        let passwords = passwords(1, 1);
        let (started, begun) = oneshot::channel();
        let (release, wait) = std::sync::mpsc::channel::<()>();
        let busy = passwords.clone();
        let running = gantry_telemetry::spawn(async move {
            busy.run(move |_| {
                started.send(()).unwrap();
                wait.recv().unwrap();
            })
            .await
        });
        begun.await.unwrap();
        // One runs; one waits; the third is refused.
        let waiting = passwords.run(|_| 1);
        let mut waiting = std::pin::pin!(waiting);
        assert!(futures::poll!(&mut waiting).is_pending());
        let refused = passwords.verify(None, Secret::new("x")).await.unwrap_err();
        assert_eq!(refused.reason, Reason::Busy);
        assert_eq!(refused.retry_after_ms, Some(BUSY_RETRY_MS));
        release.send(()).unwrap();
        running.await.unwrap().unwrap();
        assert_eq!(waiting.await.unwrap(), 1);
    }

    #[tokio::test]
    async fn t_32_a_panic_costs_one_job() {
        let passwords = passwords(1, 8);
        let failed = passwords.run(|_| panic!("on purpose")).await;
        assert_eq!(failed.unwrap_err().reason, Reason::Internal);
        assert!(passwords.hash(Secret::new("still here")).await.is_ok());
    }
}
