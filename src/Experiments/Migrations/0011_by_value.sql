-- Candidates of an experiment in the order of what they logged under one name, and those with one value of it: of metrics, params
-- and tags alike. Texts count by their beginning, since an index holds no long ones. The candidate breaks ties.
DROP INDEX experiments_latest_by_value;
CREATE INDEX experiments_latest_by_value ON experiments_latest (experiment_id, key_id, is_nan, value, candidate_id);

ALTER TABLE experiments_params ADD COLUMN experiment_id INTEGER NOT NULL DEFAULT 0;
UPDATE experiments_params SET experiment_id = (SELECT c.experiment_id FROM experiments_candidates c WHERE c.id = experiments_params.candidate_id);
DROP INDEX experiments_params_value;
CREATE INDEX experiments_params_by_value ON experiments_params (experiment_id, key_id, substr(value, 1, 120), candidate_id);

ALTER TABLE experiments_tags ADD COLUMN experiment_id INTEGER NOT NULL DEFAULT 0;
UPDATE experiments_tags SET experiment_id = (SELECT c.experiment_id FROM experiments_candidates c WHERE c.id = experiments_tags.candidate_id);
CREATE INDEX experiments_tags_by_value ON experiments_tags (experiment_id, key_id, substr(value, 1, 120), candidate_id);
