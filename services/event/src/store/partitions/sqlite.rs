//! SQLite keeps events in one table: there are no partitions to list, to make or to drop.

use gantry_db::StoreError;

use super::Conn;
use crate::rules::partition::Partition;

pub(crate) async fn list_partitions(_: &mut Conn) -> Result<Vec<Partition>, StoreError> {
    Ok(Vec::new())
}

pub(crate) async fn make_partition(_: &mut Conn, _: Partition) -> Result<bool, StoreError> {
    Ok(false)
}

pub(crate) async fn find_settled(_: &mut Conn, _: Partition) -> Result<Option<i64>, StoreError> {
    Ok(None)
}

pub(crate) async fn drop_partition(_: &mut Conn, _: Partition, _: i64) -> Result<bool, StoreError> {
    Ok(false)
}
