//! "Did you mean …": the known name nearest to an unknown one.

/// Finds the candidate nearest to a word, if one is near enough to be what was meant.
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    let allowed = (length / 3).clamp(1, 6);
    // A name broken off is nearer than one slip away and farther than none.
    let steps = |candidate: &str| match length >= 4 && candidate.starts_with(word) {
        true => 1,
        false => 2 * distance(word, candidate),
    };
    let near = candidates.into_iter().map(|candidate| (steps(candidate), candidate));
    near.filter(|(steps, _)| *steps <= 2 * allowed)
        .min_by_key(|(steps, _)| *steps)
        .map(|(_, candidate)| candidate)
}

/// How many characters to insert, delete, change or swap with their neighbour.
fn distance(from: &str, to: &str) -> usize {
    let (from, to): (Vec<char>, Vec<char>) = (from.chars().collect(), to.chars().collect());
    let at = |row: &[usize], place: usize| row.get(place).copied().unwrap_or(usize::MAX / 2);
    let mut two_up: Vec<usize> = Vec::new();
    let mut up: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in to.iter().enumerate() {
            let change = at(&up, j) + usize::from(a != b);
            let mut best = change.min(at(&up, j + 1) + 1).min(at(&row, j) + 1);
            let swapped = i > 0 && j > 0 && from.get(i - 1) == Some(b) && to.get(j - 1) == Some(a);
            if swapped {
                best = best.min(at(&two_up, j - 1) + 1);
            }
            row.push(best);
        }
        two_up = std::mem::replace(&mut up, row);
    }
    at(&up, to.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closest_finds_slips_of_the_finger_and_nothing_far_fetched() {
        let known = ["http.addr", "grpc.addr", "http.tls.reload_seconds", "data_dir"];
        assert_eq!(closest("http.adr", known), Some("http.addr"));
        assert_eq!(closest("htpt.addr", known), Some("http.addr"));
        assert_eq!(closest("datadir", known), Some("data_dir"));
        assert_eq!(closest("http.tls.reload", known), Some("http.tls.reload_seconds"));
        assert_eq!(closest("colour", known), None);
        assert_eq!(closest("", known), None);
    }

    #[test]
    fn distance_counts_a_swap_as_one() {
        assert_eq!(distance("ab", "ba"), 1);
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
    }
}
