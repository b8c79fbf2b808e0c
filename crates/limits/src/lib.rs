//! The sliding window: one atomic script in Redis, the same algorithm in memory.
