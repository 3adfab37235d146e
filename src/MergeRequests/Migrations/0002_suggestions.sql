-- Suggestions that were applied; others are known by the comments that hold them. The digest is that of the block's text:
-- an edited comment suggests something new.
CREATE TABLE merge_requests_suggestions (
    comment_id INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    request_id INTEGER NOT NULL REFERENCES merge_requests_requests (id) ON DELETE CASCADE,
    digest TEXT NOT NULL,
    commit_sha TEXT NOT NULL,
    person_id INTEGER NOT NULL,
    applied_us INTEGER NOT NULL,
    PRIMARY KEY (comment_id, ordinal)
) STRICT;

CREATE INDEX merge_requests_suggestions_by_request ON merge_requests_suggestions (request_id);
