-- Points of one series that come together are one row of the tail: body holds them all, the other columns the first.
ALTER TABLE experiments_tail ADD COLUMN points INTEGER NOT NULL DEFAULT 1;
ALTER TABLE experiments_tail ADD COLUMN body BLOB;
