-- What is removed for good leaves an empty row behind, deleted = 2: its id and number are never given again, and whoever kept them finds nothing.
-- Its project is negative, so that no look into a project meets it.
CREATE INDEX experiments_checkpoints_candidate ON experiments_checkpoints (candidate_uid);
