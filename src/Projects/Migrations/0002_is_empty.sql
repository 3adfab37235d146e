-- Whether the repository has no branch yet. Only pushes move the clock of a project, so what moved has been pushed to.
ALTER TABLE projects_projects ADD COLUMN is_empty INTEGER NOT NULL DEFAULT 1;

UPDATE projects_projects SET is_empty = 0 WHERE activity_us > created_us;
