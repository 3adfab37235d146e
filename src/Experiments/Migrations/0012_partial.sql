-- Most candidates come from nobody's job: those need no place in the indexes by job and by commit, and are made the quicker for it.
DROP INDEX experiments_candidates_job;
CREATE INDEX experiments_candidates_job ON experiments_candidates (job_id) WHERE job_id IS NOT NULL;
DROP INDEX experiments_candidates_sha;
CREATE INDEX experiments_candidates_sha ON experiments_candidates (project_id, sha) WHERE sha IS NOT NULL;
