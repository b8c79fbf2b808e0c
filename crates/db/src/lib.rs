//! Pools, migrations, read and write transactions, portable field types, StoreError.
