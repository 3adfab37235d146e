"""The review flow with python-gitlab, unmodified: python_gitlab.py URL TOKEN OTHER_TOKEN. Ends with code 0 when all of it held."""

import sys
import time

import gitlab

url, token, other_token = sys.argv[1:]
ada = gitlab.Gitlab(url, private_token=token)
bob = gitlab.Gitlab(url, private_token=other_token)

PIPELINE = """\
workflow:
  rules:
    - if: $CI_PIPELINE_SOURCE == "api"
stages: [build, test]
build:
  stage: build
  script: ["echo hello $GREETING", "mkdir out", "echo art > out/a.txt"]
  artifacts: {paths: [out]}
slow:
  stage: test
  script: ["sleep 300"]
bad:
  stage: test
  script: ["exit 3"]
played:
  stage: test
  when: manual
  script: ["true"]
"""


def refused(status, act, words=""):
    """The act is refused with this status, in words that the client finds where it looks for them."""
    try:
        act()
    except gitlab.exceptions.GitlabError as error:
        assert error.response_code == status, (status, error.response_code, error.response_body)
        assert words in str(error.error_message), error.error_message
        return
    raise AssertionError(f"nothing was refused with {status}")


def eventually(ask, good, seconds=90):
    deadline = time.monotonic() + seconds
    while not good(answer := ask()):
        assert time.monotonic() < deadline, answer
        time.sleep(0.3)
    return answer


def people():
    ada.auth()
    bob.auth()
    assert (ada.user.username, ada.user.is_admin, bob.user.is_admin) == ("ada", True, False)
    assert ada.version()[0].split(".")[0].isdigit()
    refused(401, gitlab.Gitlab(url, private_token="sqpat-wrong").auth, "401 Unauthorized")
    assert [user.id for user in ada.users.list(username="BOB")] == [bob.user.id]
    assert [user.username for user in ada.users.list(search="o")] == ["bob"]
    assert ada.users.get(bob.user.id).state == "active"
    carol = ada.users.create({"username": "carol", "name": "Carol", "email": "carol@example.org", "password": "long enough for all"})
    refused(400, lambda: ada.users.create({"username": "dave", "name": "D", "email": "d@example.org", "password": "short"}), "12 to 256")
    assert carol.block() and ada.users.get(carol.id).state == "blocked" and carol.unblock()


def projects():
    group = ada.groups.create({"name": "Vision", "path": "vision"})
    project = ada.projects.create({"name": "Churn", "path": "churn", "namespace_id": group.id})
    assert project.path_with_namespace == "vision/churn" and project.visibility == "private"
    assert project.http_url_to_repo == url + "/vision/churn.git"
    assert ada.projects.get("vision/churn").id == project.id and ada.projects.get("Vision%2FChurn").id == project.id
    refused(400, lambda: ada.projects.create({"description": "nameless"}), "name is missing")
    refused(409, lambda: ada.projects.create({"name": "Churn", "namespace_id": group.id}), "taken")
    refused(404, lambda: ada.projects.get("no/such"), "404 Project Not Found")
    refused(404, lambda: bob.projects.get(project.id), "404 Project Not Found")
    for number in range(5):
        ada.projects.create({"name": f"many{number}"})
    pages = ada.projects.list(search="many", order_by="name", sort="asc", iterator=True, per_page=2)
    assert (pages.total, pages.total_pages, pages.per_page, pages.next_page) == (5, 3, 2, 2)
    assert [found.name for found in pages] == [f"many{number}" for number in range(5)]
    refused(400, lambda: ada.projects.list(order_by="stars"), "order_by does not have a valid value")
    assert [found.path for found in group.projects.list()] == ["churn"]
    assert [found.full_path for found in ada.groups.list()] == ["vision"] and bob.groups.list() == []
    assert len(ada.users.get(ada.user.id).projects.list()) == 5 and bob.users.get(ada.user.id).projects.list() == []
    assert {space.kind for space in ada.namespaces.list()} == {"user", "group"}
    return group, project


def members(group, project):
    member = project.members.create({"user_id": bob.user.id, "access_level": 30})
    assert bob.projects.get(project.id).permissions["project_access"]["access_level"] == 30
    refused(403, lambda: bob.projects.get(project.id).members.delete(ada.user.id))
    member.access_level = 20
    member.save()
    assert project.members.get(bob.user.id).access_level == 20
    refused(400, lambda: project.members.update(bob.user.id, {"access_level": 33}), "valid value")
    assert [(row.username, row.access_level) for row in project.members_all.list()] == [("ada", 50), ("bob", 20)]
    group.members.create({"user_id": bob.user.id, "access_level": 10})
    assert group.members.get(bob.user.id).access_level == 10
    group.members.delete(bob.user.id)
    refused(404, lambda: group.members.get(bob.user.id), "404 Member Not Found")
    refused(403, lambda: bob.projects.get(project.id).branches.create({"branch": "mine", "ref": "main"}), "403 Forbidden")


def repository(project):
    actions = [
        {"action": "create", "file_path": "README.md", "content": "# Hi\n"},
        {"action": "create", "file_path": ".gitlab-ci.yml", "content": PIPELINE},
        {"action": "create", "file_path": "dir/größe 1.txt", "content": "x"},
    ]
    commit = project.commits.create({"branch": "main", "commit_message": "Begin", "actions": actions})
    assert ada.projects.get(project.id).default_branch == "main"
    assert project.branches.create({"branch": "feature/x", "ref": "main"}).commit["id"] == commit.id
    refused(400, lambda: project.branches.create({"branch": "feature/x", "ref": "main"}), "Branch already exists")
    refused(400, lambda: project.branches.create({"branch": "../x", "ref": "main"}), "../x")
    refused(405, lambda: project.branches.delete("main"))
    assert [branch.name for branch in project.branches.list(search="feat")] == ["feature/x"]
    assert project.tags.create({"tag_name": "v/1", "ref": "main", "message": "one"}).message == "one"
    project.tags.delete("v/1")
    refused(404, lambda: project.tags.get("v/1"))
    assert project.files.get("dir/größe 1.txt", ref="main").decode() == b"x"
    assert project.files.raw("README.md", ref="main") == b"# Hi\n"
    assert project.files.head("README.md", ref="main")["X-Gitlab-Size"] == "5"
    file = project.files.create({"file_path": "new.txt", "branch": "feature/x", "content": "1\n2\n3\n", "commit_message": "Add"})
    file = project.files.get("new.txt", ref="feature/x")
    file.content = "1\ntwo\n3\n"
    file.save(branch="feature/x", commit_message="Spell it")
    assert project.files.raw("new.txt", ref="feature/x") == b"1\ntwo\n3\n"
    refused(400, lambda: project.files.create({"file_path": "new.txt", "branch": "feature/x", "content": "", "commit_message": "Again"}), "already exists")
    refused(404, lambda: project.files.get("absent", ref="main"), "404 File Not Found")
    assert {(row["path"], row["type"]) for row in project.repository_tree(recursive=True)} > {("dir", "tree"), ("dir/größe 1.txt", "blob")}
    refused(404, lambda: project.repository_tree(path="absent"), "404 Tree Not Found")
    assert [row.title for row in project.commits.list(ref_name="feature/x")] == ["Spell it", "Add", "Begin"]
    assert len(project.repository_compare("main", "feature/x")["diffs"]) == 1
    assert project.repository_merge_base(["main", "feature/x"])["id"] == commit.id
    assert project.commits.get("main").diff()[0]["new_file"]


def review(project):
    request = project.mergerequests.create({"source_branch": "feature/x", "target_branch": "main", "title": "Draft: Two"})
    refused(409, lambda: project.mergerequests.create({"source_branch": "feature/x", "target_branch": "main", "title": "Two"}), "already exists")
    request = project.mergerequests.get(request.iid)
    assert (request.draft, request.changes_count, request.detailed_merge_status) == (True, "1", "draft_status")
    refused(405, request.merge)
    request.title = "Two"
    request.save()
    assert [row.title for row in project.mergerequests.list(state="opened", source_branch="feature/x")] == ["Two"]
    refused(400, lambda: project.mergerequests.list(state="odd"), "state does not have a valid value")
    assert [row["new_path"] for row in request.changes()["changes"]] == ["new.txt"]
    assert [row.title for row in request.commits()] == ["Spell it", "Add"]
    assert [row["new_path"] for row in request.diffs.get(request.diffs.list()[0].id).diffs] == ["new.txt"]
    talk(request)
    refused(409, lambda: ada.http_put(f"/projects/{project.id}/merge_requests/{request.iid}/merge", post_data={"sha": "0" * 40}))
    assert request.merge(should_remove_source_branch=True)["state"] == "merged"
    assert project.mergerequests.get(request.iid).merged_by["username"] == "ada"
    refused(405, request.merge)
    refused(404, lambda: project.branches.get("feature/x"))


def talk(request):
    note = request.notes.create({"body": "Hello"})
    note.body = "Hello there"
    note.save()
    assert [row.body for row in request.notes.list() if not row.system] == ["Hello there"]
    note.delete()
    refused(400, lambda: request.notes.create({"body": ""}), "body is missing")
    place = {**request.diff_refs, "position_type": "text", "old_path": "new.txt", "new_path": "new.txt"}
    thread = request.discussions.create({"body": "Why in words?", "position": {**place, "new_line": 2}})
    assert thread.attributes["notes"][0]["type"] == "DiffNote" and thread.attributes["notes"][0]["position"]["new_line"] == 2
    reply = thread.notes.create({"body": "To be read"})
    reply = request.discussions.get(thread.id).notes.get(reply.id)
    reply.body = "To be read aloud"
    reply.save()
    thread.resolved = True
    thread.save()
    notes = request.discussions.get(thread.id).attributes["notes"]
    assert notes[0]["resolved"] and notes[1]["body"] == "To be read aloud"
    refused(400, lambda: request.discussions.create({"body": "?", "position": {**place, "new_line": 200}}), "line_code")


def pipelines(project):
    variable = project.variables.create({"key": "GREETING", "value": "wörld"})
    variable.value = "earth"
    variable.save()
    assert [(row.key, row.value, row.environment_scope) for row in project.variables.list()] == [("GREETING", "earth", "*")]
    refused(400, lambda: project.variables.create({"key": "GREETING", "value": "x"}), "taken")
    refused(400, lambda: project.variables.create({"key": "no name", "value": "x"}), "no name")
    refused(400, lambda: project.pipelines.create({"ref": "absent"}), "Reference not found")
    pipeline = project.pipelines.create({"ref": "main", "variables": [{"key": "X", "value": "y"}]})
    assert [(row.key, row.value) for row in pipeline.variables.list()] == [("X", "y")]

    def job(name):
        return project.jobs.get(next(row.id for row in pipeline.jobs.list(get_all=True) if row.name == name))

    build = eventually(lambda: job("build"), lambda found: found.status == "success")
    assert b"hello earth" in build.trace() and build.artifact("out/a.txt") == b"art\n" and build.artifacts()[:2] == b"PK"
    refused(404, lambda: build.artifact("../../x"))
    bad = eventually(lambda: job("bad"), lambda found: found.status == "failed")
    assert bad.failure_reason == "script_failure"
    eventually(lambda: job("slow"), lambda found: found.status == "running").cancel()
    eventually(lambda: job("slow"), lambda found: found.status == "canceled")
    bad.retry()
    assert job("bad").id != bad.id
    job("played").play()
    eventually(lambda: job("played"), lambda found: found.status == "success")
    refused(400, job("played").play, "Unplayable Job")
    pipeline.cancel()
    project.variables.delete("GREETING")
    refused(404, lambda: project.variables.get("GREETING"), "404 Variable Not Found")
    refused(403, lambda: bob.projects.get(project.id).variables.list(), "403 Forbidden")


def openness(project):
    project.visibility = "public"
    project.description = "For all"
    project.save()
    stranger = gitlab.Gitlab(url)
    assert stranger.projects.get(project.id).description == "For all"
    assert stranger.projects.get(project.id).files.raw("README.md", ref="main") == b"# Hi\n"
    refused(401, lambda: stranger.projects.get(project.id).branches.create({"branch": "y", "ref": "main"}))


people()
where, what = projects()
repository(what)
members(where, what)
review(what)
pipelines(what)
openness(what)
