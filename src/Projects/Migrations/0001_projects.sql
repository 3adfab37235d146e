-- A namespace belongs to a person or is a group; groups may lie in groups. full_path is unique whatever its case.
CREATE TABLE projects_namespaces (
    id INTEGER NOT NULL PRIMARY KEY,
    parent_id INTEGER NULL REFERENCES projects_namespaces (id),
    person_id INTEGER NULL UNIQUE,
    path TEXT NOT NULL,
    full_path TEXT NOT NULL,
    full_path_key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    description TEXT NOT NULL DEFAULT '',
    visibility INTEGER NOT NULL DEFAULT 0,
    created_us INTEGER NOT NULL
) STRICT;

CREATE TABLE projects_projects (
    id INTEGER NOT NULL PRIMARY KEY,
    namespace_id INTEGER NOT NULL REFERENCES projects_namespaces (id),
    path TEXT NOT NULL,
    full_path TEXT NOT NULL,
    full_path_key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    description TEXT NOT NULL DEFAULT '',
    visibility INTEGER NOT NULL DEFAULT 0,
    default_branch TEXT NOT NULL DEFAULT 'main',
    creator_id INTEGER NOT NULL,
    created_us INTEGER NOT NULL,
    activity_us INTEGER NOT NULL
) STRICT;

CREATE INDEX projects_projects_namespace ON projects_projects (namespace_id, id);

-- Membership of a group (namespace) or of a single project.
CREATE TABLE projects_members (
    id INTEGER NOT NULL PRIMARY KEY,
    namespace_id INTEGER NULL REFERENCES projects_namespaces (id) ON DELETE CASCADE,
    project_id INTEGER NULL REFERENCES projects_projects (id) ON DELETE CASCADE,
    person_id INTEGER NOT NULL,
    role INTEGER NOT NULL,
    created_us INTEGER NOT NULL,
    UNIQUE (namespace_id, person_id),
    UNIQUE (project_id, person_id),
    CHECK ((namespace_id IS NULL) <> (project_id IS NULL))
) STRICT;

CREATE INDEX projects_members_person ON projects_members (person_id);
