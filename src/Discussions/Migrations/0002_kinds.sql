-- 0 comment, 1 question, 2 suggestion, 3 praise, 4 teaching.
ALTER TABLE discussions_threads ADD COLUMN kind INTEGER NOT NULL DEFAULT 0;
ALTER TABLE discussions_threads ADD COLUMN is_blocking INTEGER NOT NULL DEFAULT 0;
