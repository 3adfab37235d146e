-- Points of one series that come together are one row of the tail: body holds them all, the other columns the first.
ALTER TABLE experiments_tail ADD COLUMN points INTEGER NOT NULL DEFAULT 1;
ALTER TABLE experiments_tail ADD COLUMN body BLOB;

-- Packed points do not get smaller; to try it costs more than to write them.
ALTER TABLE experiments_tail ALTER COLUMN body SET STORAGE EXTERNAL;
ALTER TABLE experiments_blocks ALTER COLUMN body SET STORAGE EXTERNAL;

-- Rows that change with every point: room beside them keeps the index out of it.
ALTER TABLE experiments_latest SET (fillfactor = 60);
