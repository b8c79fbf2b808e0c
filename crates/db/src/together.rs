//! Questions that many ask at the same time, put to the database together. docs/adr/0006-questions-asked-together.md says why.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::oneshot;
use tracing::Instrument;

use crate::{Db, StoreError};

/// Statements of one question that may be under way at once. Few, so that many are asked for by each; two, so that one on a connection
/// that hangs does not hold up all.
const MOST_UNDER_WAY: usize = 2;
/// Keys that one statement asks for at the most.
const MOST_KEYS: usize = 256;

/// One question, by its key. Whoever asks while enough statements are under way waits for the next, which asks for all who
/// wait. Each is answered by a statement that began after they asked: nothing is remembered, so nothing can be stale.
pub struct Together<K, V>(Arc<Mutex<Line<K, V>>>);

/// Who waits, and how many statements are under way.
struct Line<K, V> {
    waiting: Vec<(K, oneshot::Sender<Answer<V>>)>,
    under_way: usize,
}

type Answer<V> = Result<Option<V>, StoreError>;
type Asked<K, V> = HashMap<K, Vec<oneshot::Sender<Answer<V>>>>;

impl<K, V> Clone for Together<K, V> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<K, V> Default for Together<K, V> {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Line {
            waiting: Vec::new(),
            under_way: 0,
        })))
    }
}

impl<K, V> Together<K, V>
where
    K: Eq + Hash + Clone + Send + 'static,
    V: Clone + Send + 'static,
{
    /// Asks for a key; `None` when there is nothing. `many` answers for several keys in one statement (named `name` in the
    /// trace), and leaves out those for which there is nothing.
    ///
    /// # Errors
    /// What the statement says. One that fails for several keys, though the database is there, is tried for each alone: what one
    /// asks must not break another's answer.
    pub async fn ask<F, W>(&self, db: &Db, name: &'static str, key: K, many: F) -> Result<Option<V>, StoreError>
    where
        F: Fn(Vec<K>) -> W + Send + Sync + 'static,
        W: Future<Output = Result<HashMap<K, V>, StoreError>> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let begin = {
            let mut line = self.0.lock();
            line.waiting.push((key, answer));
            let begin = line.under_way < MOST_UNDER_WAY;
            line.under_way += usize::from(begin);
            begin
        };
        if begin {
            // On its own: whoever began may go away while others wait.
            let round = Round {
                line: self.clone(),
                over: false,
            };
            gantry_telemetry::spawn_apart(round.serve(many));
        }
        let lost = |_gone| StoreError::Unavailable("the question was lost".to_owned());
        let waiting = async { answered.await.map_err(lost)? };
        waiting.instrument(gantry_telemetry::db_span(db.system(), name)).await
    }
}

/// The right to have one statement under way.
struct Round<K, V> {
    line: Together<K, V>,
    over: bool,
}

impl<K, V> Drop for Round<K, V> {
    fn drop(&mut self) {
        if !self.over {
            // Broken off. Nobody else may come to ask for those who wait: they hear that their question was lost.
            let mut line = self.line.0.lock();
            line.under_way -= 1;
            line.waiting.clear();
        }
    }
}

impl<K, V> Round<K, V>
where
    K: Eq + Hash + Clone + Send + 'static,
    V: Clone + Send + 'static,
{
    /// Asks until nobody waits.
    async fn serve<F, W>(mut self, many: F)
    where
        F: Fn(Vec<K>) -> W,
        W: Future<Output = Result<HashMap<K, V>, StoreError>>,
    {
        while let Some(asked) = self.next() {
            let keys: Vec<K> = asked.keys().cloned().collect();
            match many(keys).await {
                Ok(mut found) => {
                    for (key, who) in asked {
                        tell(who, Ok(found.remove(&key)));
                    }
                }
                Err(error) if asked.len() == 1 || matches!(error, StoreError::Unavailable(_)) => {
                    for who in asked.into_values() {
                        tell(who, Err(error.clone()));
                    }
                }
                Err(_of_one) => {
                    for (key, who) in asked {
                        let found = many(vec![key.clone()]).await;
                        tell(who, found.map(|mut found| found.remove(&key)));
                    }
                }
            }
        }
    }

    /// Takes those who wait, first come first. When nobody does this was the last, said in the same moment: who comes next begins.
    fn next(&mut self) -> Option<Asked<K, V>> {
        let mut line = self.line.0.lock();
        loop {
            let taken = line.waiting.len().min(MOST_KEYS);
            if taken == 0 {
                line.under_way -= 1;
                self.over = true;
                return None;
            }
            let mut asked: Asked<K, V> = HashMap::new();
            for (key, who) in line.waiting.drain(..taken) {
                // Who went away needs no answer.
                if !who.is_closed() {
                    asked.entry(key).or_default().push(who);
                }
            }
            if !asked.is_empty() {
                return Some(asked);
            }
        }
    }
}

fn tell<V: Clone>(who: Vec<oneshot::Sender<Answer<V>>>, answer: Answer<V>) {
    for who in who {
        let _gone = who.send(answer.clone());
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::sync::{Semaphore, mpsc};

    use super::*;
    use crate::Config;

    /// A database that is there and is never asked, and a question whose statements wait for permits.
    struct Stage {
        db: Db,
        line: Together<u32, String>,
        gate: Arc<Semaphore>,
        told: mpsc::UnboundedSender<Vec<u32>>,
        statements: mpsc::UnboundedReceiver<Vec<u32>>,
        _dir: tempfile::TempDir,
    }

    impl Stage {
        fn new() -> Self {
            let dir = tempfile::tempdir().unwrap();
            let url = format!("sqlite://{}/db", dir.path().display());
            let (told, statements) = mpsc::unbounded_channel();
            Self {
                db: Db::open(&Config::new(url)).unwrap(),
                line: Together::default(),
                gate: Arc::new(Semaphore::new(0)),
                told,
                statements,
                _dir: dir,
            }
        }

        /// Asks; even keys have an answer, 13 breaks its statement, 99 panics.
        fn ask(&self, key: u32) -> tokio::task::JoinHandle<Answer<String>> {
            let (db, line, gate, told) = (self.db.clone(), self.line.clone(), self.gate.clone(), self.told.clone());
            let many = move |mut keys: Vec<u32>| {
                let (gate, told) = (gate.clone(), told.clone());
                async move {
                    keys.sort_unstable();
                    told.send(keys.clone()).unwrap();
                    gate.acquire().await.unwrap().forget();
                    assert!(!keys.contains(&99), "a defect");
                    if keys.contains(&13) {
                        return Err(StoreError::Missing("13".to_owned()));
                    }
                    let even = keys.into_iter().filter(|key| key % 2 == 0);
                    Ok(even.map(|key| (key, key.to_string())).collect())
                }
            };
            gantry_telemetry::spawn(async move { line.ask(&db, "test", key, many).await })
        }

        /// Asks twice, each alone, so that all that come wait.
        async fn busy(&mut self) -> Vec<tokio::task::JoinHandle<Answer<String>>> {
            let mut first = Vec::new();
            for key in [1, 3] {
                first.push(self.ask(key));
                assert_eq!(self.statements.recv().await, Some(vec![key]));
            }
            first
        }

        /// Comes back when no statement is under way. Who asked may have heard before the round that asked for them ends.
        async fn quiet(&self) {
            while self.line.0.lock().under_way > 0 {
                tokio::task::yield_now().await;
            }
        }

        /// Asks and comes back when the question waits.
        async fn wait_for(&self, key: u32) -> tokio::task::JoinHandle<Answer<String>> {
            let before = self.line.0.lock().waiting.len();
            let task = self.ask(key);
            while self.line.0.lock().waiting.len() == before {
                tokio::task::yield_now().await;
            }
            task
        }
    }

    #[tokio::test]
    async fn who_waits_together_is_asked_for_together() {
        let mut stage = Stage::new();
        let first = stage.busy().await;
        let mut later = Vec::new();
        for key in [2, 4, 4, 9] {
            later.push(stage.wait_for(key).await);
        }
        stage.gate.add_permits(1);
        // One statement that began after all four had asked; a key that two ask for stands in it once.
        assert_eq!(stage.statements.recv().await, Some(vec![2, 4, 9]));
        stage.gate.add_permits(9);
        let mut answers = Vec::new();
        for task in later {
            answers.push(task.await.unwrap().unwrap());
        }
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(answers, [some("2"), some("4"), some("4"), None]);
        for task in first {
            assert_eq!(task.await.unwrap().unwrap(), None);
        }
        stage.quiet().await;
        assert_eq!(stage.ask(6).await.unwrap().unwrap(), some("6"), "it begins anew");
    }

    #[tokio::test]
    async fn what_one_asks_does_not_break_another_s_answer() {
        let mut stage = Stage::new();
        let _first = stage.busy().await;
        let (bad, good) = (stage.wait_for(13).await, stage.wait_for(2).await);
        stage.gate.add_permits(20);
        assert!(matches!(bad.await.unwrap(), Err(StoreError::Missing(_))));
        assert_eq!(good.await.unwrap().unwrap(), Some("2".to_owned()));
    }

    #[tokio::test]
    async fn who_goes_away_is_not_asked_for_and_holds_nobody_up() {
        let mut stage = Stage::new();
        let first = stage.busy().await;
        let (gone, there) = (stage.wait_for(2).await, stage.wait_for(4).await);
        gone.abort();
        let _cancelled = gone.await;
        for task in first {
            task.abort();
        }
        stage.gate.add_permits(20);
        assert_eq!(there.await.unwrap().unwrap(), Some("4".to_owned()));
        assert_eq!(stage.statements.recv().await, Some(vec![4]));
    }

    #[tokio::test]
    async fn a_statement_that_panics_is_told_to_those_it_was_for() {
        let mut stage = Stage::new();
        let _first = stage.busy().await;
        let (bad, good) = (stage.wait_for(99).await, stage.wait_for(2).await);
        stage.gate.add_permits(20);
        assert!(matches!(bad.await.unwrap(), Err(StoreError::Unavailable(_))));
        assert!(matches!(good.await.unwrap(), Err(StoreError::Unavailable(_))));
        assert_eq!(stage.ask(4).await.unwrap().unwrap(), Some("4".to_owned()));
        stage.quiet().await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn nobody_is_forgotten_in_a_crowd() {
        let stage = Stage::new();
        stage.gate.add_permits(100_000);
        let answered = Arc::new(AtomicUsize::new(0));
        let mut tasks = Vec::new();
        for key in (0..2_000).map(|n| n % 50 * 2 + 100) {
            let (ask, answered) = (stage.ask(key), answered.clone());
            tasks.push(gantry_telemetry::spawn(async move {
                assert_eq!(ask.await.unwrap().unwrap(), Some(key.to_string()));
                answered.fetch_add(1, Ordering::Relaxed);
            }));
        }
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(answered.load(Ordering::Relaxed), 2_000);
        stage.quiet().await;
    }
}
