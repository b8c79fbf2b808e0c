//! Questions that many ask at the same time, put together to whoever answers. docs/adr/0006-questions-asked-together.md says why.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::oneshot;
use tokio::time::Instant;

/// Times that one question may be under way at once.
const MOST_UNDER_WAY: usize = 2;
/// How long it is under way alone, so that the more wait for the next; then it is taken to hang, and must not hold up all.
const PATIENCE: Duration = Duration::from_millis(20);
/// Keys that are asked for at once at the most.
const MOST_KEYS: usize = 256;

/// Why there is no answer.
pub trait Fault: Clone + Send + 'static {
    /// Whoever asked for others was broken off.
    fn lost() -> Self;

    /// Whether it may be about one of the keys, and not about whoever answers.
    fn is_of_a_key(&self) -> bool;
}

/// One question, by its key. Whoever asks while it is under way waits for the next time, which asks for all who wait. Each is answered by a question that began after they asked: nothing is remembered, so nothing can be stale.
pub struct Together<K, V, E>(Arc<Mutex<Line<K, V, E>>>);

/// Who waits, and how often the question is under way.
struct Line<K, V, E> {
    waiting: Vec<(K, oneshot::Sender<Answer<V, E>>)>,
    under_way: usize,
    /// When it was last asked.
    asked_at: Instant,
    patience: Duration,
}

impl<K, V, E> Line<K, V, E> {
    /// Whether whoever comes now asks, rather than waits.
    fn begins(&self) -> bool {
        let hangs = || self.under_way < MOST_UNDER_WAY && self.asked_at.elapsed() >= self.patience;
        self.under_way == 0 || hangs()
    }
}

type Answer<V, E> = Result<Option<V>, E>;
type Asked<K, V, E> = HashMap<K, Vec<oneshot::Sender<Answer<V, E>>>>;

impl<K, V, E> Clone for Together<K, V, E> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<K, V, E> Default for Together<K, V, E> {
    fn default() -> Self {
        Self::with_patience(PATIENCE)
    }
}

impl<K, V, E> Together<K, V, E> {
    fn with_patience(patience: Duration) -> Self {
        Self(Arc::new(Mutex::new(Line {
            waiting: Vec::new(),
            under_way: 0,
            asked_at: Instant::now(),
            patience,
        })))
    }
}

impl<K, V, E> std::fmt::Debug for Together<K, V, E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let line = self.0.lock();
        write!(f, "Together({} wait, {} under way)", line.waiting.len(), line.under_way)
    }
}

impl<K, V, E> Together<K, V, E>
where
    K: Eq + Hash + Clone + Send + 'static,
    V: Clone + Send + 'static,
    E: Fault,
{
    /// Asks for a key; `None` when there is nothing. `many` asks `source` for several keys at once, and leaves out those for which
    /// there is nothing.
    ///
    /// # Errors
    /// What `many` says. A fault that may be of one key ([`Fault::is_of_a_key`]) is looked into by asking for each alone: what one
    /// asks must not break another's answer.
    pub async fn ask<S, F, W>(&self, source: &S, key: K, many: F) -> Result<Option<V>, E>
    where
        S: Clone + Send + Sync + 'static,
        F: Fn(S, Vec<K>) -> W + Send + Sync + 'static,
        W: Future<Output = Result<HashMap<K, V>, E>> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let begin = {
            let mut line = self.0.lock();
            line.waiting.push((key, answer));
            let begin = line.begins();
            line.under_way += usize::from(begin);
            begin
        };
        if begin {
            // On its own: whoever began may go away while others wait.
            let round = Round {
                line: self.clone(),
                over: false,
            };
            gantry_telemetry::spawn_apart(round.serve(source.clone(), many));
        }
        answered.await.unwrap_or_else(|_gone| Err(E::lost()))
    }
}

/// The right to have the question under way once.
struct Round<K, V, E> {
    line: Together<K, V, E>,
    over: bool,
}

impl<K, V, E> Drop for Round<K, V, E> {
    fn drop(&mut self) {
        if !self.over {
            // Broken off. Nobody else may come to ask for those who wait: they hear that their question was lost.
            let mut line = self.line.0.lock();
            line.under_way -= 1;
            line.waiting.clear();
        }
    }
}

impl<K, V, E> Round<K, V, E>
where
    K: Eq + Hash + Clone + Send + 'static,
    V: Clone + Send + 'static,
    E: Fault,
{
    /// Asks until nobody waits.
    async fn serve<S, F, W>(mut self, source: S, many: F)
    where
        S: Clone,
        F: Fn(S, Vec<K>) -> W,
        W: Future<Output = Result<HashMap<K, V>, E>>,
    {
        while let Some(asked) = self.next() {
            let keys: Vec<K> = asked.keys().cloned().collect();
            match many(source.clone(), keys).await {
                Ok(mut found) => {
                    for (key, who) in asked {
                        tell(who, Ok(found.remove(&key)));
                    }
                }
                Err(fault) if asked.len() > 1 && fault.is_of_a_key() => {
                    for (key, who) in asked {
                        let found = many(source.clone(), vec![key.clone()]).await;
                        tell(who, found.map(|mut found| found.remove(&key)));
                    }
                }
                Err(fault) => {
                    for who in asked.into_values() {
                        tell(who, Err(fault.clone()));
                    }
                }
            }
        }
    }

    /// Takes those who wait, first come first. When nobody does this was the last, said in the same moment: who comes next begins.
    fn next(&mut self) -> Option<Asked<K, V, E>> {
        let mut line = self.line.0.lock();
        loop {
            let taken = line.waiting.len().min(MOST_KEYS);
            if taken == 0 {
                line.under_way -= 1;
                self.over = true;
                return None;
            }
            let mut asked: Asked<K, V, E> = HashMap::new();
            for (key, who) in line.waiting.drain(..taken) {
                // Who went away needs no answer.
                if !who.is_closed() {
                    asked.entry(key).or_default().push(who);
                }
            }
            if !asked.is_empty() {
                line.asked_at = Instant::now();
                return Some(asked);
            }
        }
    }
}

fn tell<V: Clone, E: Clone>(who: Vec<oneshot::Sender<Answer<V, E>>>, answer: Answer<V, E>) {
    for who in who {
        let _gone = who.send(answer.clone());
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::sync::{Semaphore, mpsc};

    use super::*;

    #[derive(Debug, Clone, PartialEq)]
    enum Wrong {
        Lost,
        Key,
    }

    impl Fault for Wrong {
        fn lost() -> Self {
            Self::Lost
        }

        fn is_of_a_key(&self) -> bool {
            *self == Self::Key
        }
    }

    type Heard = Answer<String, Wrong>;

    /// A question that waits for permits.
    struct Stage {
        line: Together<u32, String, Wrong>,
        gate: Arc<Semaphore>,
        told: mpsc::UnboundedSender<Vec<u32>>,
        statements: mpsc::UnboundedReceiver<Vec<u32>>,
    }

    impl Stage {
        fn new() -> Self {
            Self::with_patience(Duration::from_secs(3600))
        }

        fn with_patience(patience: Duration) -> Self {
            let (told, statements) = mpsc::unbounded_channel();
            Self {
                line: Together::with_patience(patience),
                gate: Arc::new(Semaphore::new(0)),
                told,
                statements,
            }
        }

        /// Asks; even keys have an answer, 13 breaks the question, 99 panics.
        fn ask(&self, key: u32) -> tokio::task::JoinHandle<Heard> {
            let (line, source) = (self.line.clone(), (self.gate.clone(), self.told.clone()));
            gantry_telemetry::spawn(async move { line.ask(&source, key, Self::answer).await })
        }

        async fn answer(
            (gate, told): (Arc<Semaphore>, mpsc::UnboundedSender<Vec<u32>>),
            mut keys: Vec<u32>,
        ) -> Result<HashMap<u32, String>, Wrong> {
            keys.sort_unstable();
            told.send(keys.clone()).unwrap();
            gate.acquire().await.unwrap().forget();
            assert!(!keys.contains(&99), "a defect");
            if keys.contains(&13) {
                return Err(Wrong::Key);
            }
            let even = keys.into_iter().filter(|key| key % 2 == 0);
            Ok(even.map(|key| (key, key.to_string())).collect())
        }

        /// Asks alone, so that all that come wait.
        async fn busy(&mut self) -> tokio::task::JoinHandle<Heard> {
            let first = self.ask(1);
            assert_eq!(self.statements.recv().await, Some(vec![1]));
            first
        }

        /// Comes back when no statement is under way. Who asked may have heard before the round that asked for them ends.
        async fn quiet(&self) {
            while self.line.0.lock().under_way > 0 {
                tokio::task::yield_now().await;
            }
        }

        /// Asks and comes back when the question waits.
        async fn wait_for(&self, key: u32) -> tokio::task::JoinHandle<Heard> {
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
        assert_eq!(first.await.unwrap().unwrap(), None);
        stage.quiet().await;
        assert_eq!(stage.ask(6).await.unwrap().unwrap(), some("6"), "it begins anew");
    }

    #[tokio::test]
    async fn one_that_hangs_holds_nobody_up_for_long() {
        let mut stage = Stage::with_patience(Duration::ZERO);
        let hangs = stage.busy().await;
        let next = stage.ask(2);
        assert_eq!(
            stage.statements.recv().await,
            Some(vec![2]),
            "it does not wait for the first"
        );
        let waits = stage.wait_for(4).await;
        stage.gate.add_permits(20);
        for task in [hangs, next, waits] {
            task.await.unwrap().unwrap();
        }
        stage.quiet().await;
    }

    #[tokio::test]
    async fn what_one_asks_does_not_break_another_s_answer() {
        let mut stage = Stage::new();
        let _first = stage.busy().await;
        let (bad, good) = (stage.wait_for(13).await, stage.wait_for(2).await);
        stage.gate.add_permits(20);
        assert_eq!(bad.await.unwrap(), Err(Wrong::Key));
        assert_eq!(good.await.unwrap().unwrap(), Some("2".to_owned()));
    }

    #[tokio::test]
    async fn who_goes_away_is_not_asked_for_and_holds_nobody_up() {
        let mut stage = Stage::new();
        let first = stage.busy().await;
        let (gone, there) = (stage.wait_for(2).await, stage.wait_for(4).await);
        gone.abort();
        let _cancelled = gone.await;
        first.abort();
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
        assert_eq!(bad.await.unwrap(), Err(Wrong::Lost));
        assert_eq!(good.await.unwrap(), Err(Wrong::Lost));
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
