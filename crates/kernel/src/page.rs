//! What a list is asked for (contract 1.7).

/// The bounds of `max_results`.
#[derive(Debug, Clone, Copy)]
pub struct PageLimits;

impl PageLimits {
    /// Items a page holds when the caller does not say.
    pub const DEFAULT: i64 = 100;
    /// The most items a page holds.
    pub const MAX: i64 = 1000;
}

/// Which way a list runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Direction {
    /// Smallest first.
    #[default]
    Asc,
    /// Largest first.
    Desc,
}

/// What a list is ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// By id, which is by time of creation.
    #[default]
    Id,
    /// By name, then by id.
    Name,
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// How many items at most, 1 to 1000.
    pub max_results: i64,
    /// The id of the last item seen; the page starts behind it.
    pub after: Option<String>,
    /// The order.
    pub sort: Sort,
    /// The way it runs.
    pub direction: Direction,
}

impl Page {
    /// Items to read: one more than the page holds, which tells whether another page exists.
    pub fn fetch(&self) -> i64 {
        self.max_results + 1
    }

    /// Cuts what was read down to the page, and tells whether more exists.
    pub fn cut<T>(&self, mut rows: Vec<T>) -> (Vec<T>, bool) {
        let max = usize::try_from(self.max_results).unwrap_or(usize::MAX);
        let more = rows.len() > max;
        rows.truncate(max);
        (rows, more)
    }
}

impl Default for Page {
    fn default() -> Self {
        Self {
            max_results: PageLimits::DEFAULT,
            after: None,
            sort: Sort::Id,
            direction: Direction::Asc,
        }
    }
}
