-- A view of a table of candidates under a name: filter, order and columns as its address says them. It fits every experiment of the project.
CREATE TABLE experiments_views (
    id INTEGER PRIMARY KEY,
    project_id INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    is_shared INTEGER NOT NULL,
    state TEXT NOT NULL,
    updated_us INTEGER NOT NULL,
    UNIQUE (project_id, person_id, name)
) STRICT;
