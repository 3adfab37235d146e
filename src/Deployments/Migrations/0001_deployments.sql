-- One act of putting a version into an environment. The newest row of a model and environment is what should serve.
CREATE TABLE deployments_deployments (
    id INTEGER NOT NULL PRIMARY KEY,
    project_id INTEGER NOT NULL,
    model_id INTEGER NOT NULL,
    version_id INTEGER NOT NULL,
    environment TEXT NOT NULL,
    state INTEGER NOT NULL,
    sentence TEXT NULL,
    person_id INTEGER NOT NULL,
    created_us INTEGER NOT NULL,
    serving_us INTEGER NULL,
    ended_us INTEGER NULL
) STRICT;

CREATE INDEX deployments_deployments_project ON deployments_deployments (project_id, id);
CREATE INDEX deployments_deployments_model ON deployments_deployments (model_id, environment, id);
